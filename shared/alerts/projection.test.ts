import { expect, test } from 'vitest';
import { alertEvent } from '../../test/support/alert-events.ts';
import { closeWindow } from './alert-group.ts';
import { alertGroupProjection } from './projection.ts';

const { evolve, toItem, fromItem } = alertGroupProjection;
const NOON = Date.parse('2026-11-21T12:00:00.000Z');
const group = evolve(undefined, alertEvent({ id: 'a' }));

test('a group comes back from its item as it was', () => {
  expect(fromItem({ ...toItem(group), group: 'key', version: 3, seen: {} }, NOON)).toEqual(group);
});

test('an item past its expiry counts as gone, however long it lingers', () => {
  const item = toItem(group);
  const expiry = NOON + 30 * 86_400_000;
  expect(item.expiry).toBe(expiry / 1000);
  expect(fromItem(item, expiry)).toEqual(group);
  expect(fromItem(item, expiry + 1)).toBe(undefined);
});

test('a group whose notice waits, and one that is due, stand in the index under a key of their own, others in none', () => {
  expect(toItem(group)).toMatchObject({
    due_bucket: 'waiting',
    due_at: `2026-11-21T12:00:00.000Z#${group.fingerprint}#error`,
  });
  const { due_bucket, due_at } = toItem(closeWindow({ ...group, pending: [] }));
  expect([due_bucket, due_at]).toEqual([undefined, undefined]);
});

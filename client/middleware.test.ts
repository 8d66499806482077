import middy from '@middy/core';
import { afterEach, expect, test, vi } from 'vitest';
import { sluiceMiddleware } from './middleware.ts';
import { makeWorld } from './world.fixture.ts';

afterEach(() => vi.unstubAllEnvs());

const context = (awsRequestId: string) => ({ awsRequestId, getRemainingTimeInMillis: () => 3_000 });
type Call = (event: unknown, context: unknown) => Promise<unknown>;

test('each invocation says its own request, and its events are sent before its answer goes', async () => {
  vi.stubEnv('_X_AMZN_TRACE_ID', 'Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1');
  const { log, events } = makeWorld({ source: 'shop' });
  const handler = middy(async (order: number) => {
    log.info('1', `order ${order}`);
    return order;
  }).use(sluiceMiddleware(log)) as unknown as Call;
  await expect(handler(1, context('first'))).resolves.toBe(1);
  expect(events()).toHaveLength(1);
  await expect(handler(2, context('second'))).resolves.toBe(2);
  expect(events().map(({ message, traceId, attributes }) => [message, traceId, attributes])).toEqual([
    ['order 1', '5759e988bd862e3fe1be46a994272793', { 'faas.invocation_id': 'first' }],
    ['order 2', '5759e988bd862e3fe1be46a994272793', { 'faas.invocation_id': 'second' }],
  ]);
});

test('an invocation that throws throws on, and its events are sent all the same', async () => {
  const { log, events } = makeWorld({ source: 'shop' });
  const handler = middy(async () => {
    log.error('1', 'broken');
    throw new Error('broken');
  }).use(sluiceMiddleware(log)) as unknown as Call;
  await expect(handler({}, context('first'))).rejects.toThrow('broken');
  expect(events()).toHaveLength(1);
});

test('flush ends so long before the invocation does', async () => {
  const flush = vi.fn();
  const { after } = sluiceMiddleware({ reset: () => undefined, flush }, { reserve: 1_000 });
  await after({ context: context('first') });
  await after({});
  expect(flush.mock.calls).toEqual([[{ timeout: 2_000 }], [{}]]);
});

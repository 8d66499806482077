import { describe, expect, test } from 'vitest';
import type { LogEvent } from '../../shared/events/event.ts';
import { eventsOf, expectEvent, expectSamples, HOUR, timed } from './expect-samples.ts';
import { javaSamples } from './java-samples.ts';
import { npmSamples, otlpSample } from './npm-samples.ts';
import { pythonSamples } from './python-samples.ts';
import { RECORDED_AT, recordedSamples } from './recorded-samples.ts';
import type { ExpectedEvent } from './samples.ts';
import { webServerSamples } from './web-servers.ts';

describe('one event for each call of', () => {
  test('the loggers of npm', async () => {
    const { made, from, to } = await timed(npmSamples);
    expectSamples(made, from, to);
  });

  test('OpenTelemetry, whose exporter sends many in one body', async () => {
    const { made, from, to } = await timed(otlpSample);
    const events = eventsOf(made.body, to + HOUR);
    expect(events).toHaveLength(made.events.length);
    for (const [index, event] of events.entries()) {
      expectEvent(event, made.events[index] as ExpectedEvent, 'shop');
      expect([Date.parse(event.time) >= from - 1, Date.parse(event.time) <= to + 1]).toStrictEqual([true, true]);
      expect(event.details).toMatchObject({ scope: { name: 'cart', version: '1.2.0' } });
    }
  });

  test('Apache and nginx', { timeout: 240_000 }, async ({ skip }) => {
    const { made, from, to } = await timed(webServerSamples);
    if (made === undefined)
      return skip('no apt-get that fetches their programs; the recorded lines are read all the same');
    expectSamples(made, from, to);
  });

  test('Apache and nginx, as they were recorded', () => {
    expectSamples(recordedSamples(), RECORDED_AT - 3_000, RECORDED_AT);
  });

  test('the loggers of Python, and every user record that the encoder of AWS aggregated', {
    timeout: 240_000,
  }, async () => {
    const { made, from, to } = await timed(pythonSamples);
    expectSamples(made.samples, from, to);
    expect(made.aggregates.length).toBeGreaterThan(1);
    const orders = made.aggregates
      .flatMap((record) => eventsOf(record, to))
      .map(({ message, details }) => [message, details]);
    expect(orders).toStrictEqual(Array.from({ length: 300 }, (_, order) => [`call ${order} é`, { order }]));
  });

  test('the JDK, a trace of many lines among them', async ({ skip }) => {
    const { made, from, to } = await timed(javaSamples);
    if (made === undefined) return skip('no JDK on PATH');
    const { sample, trace, error } = made;
    expectSamples([sample], from, to);
    const [event, ...others] = eventsOf(trace, to);
    expect(others).toStrictEqual([]);
    expectEvent(event as LogEvent, { level: 'error', message: String(trace).trim(), error }, 'unknown');
    expect(event?.error?.stack).toContain('Caused by: java.io.IOException: disk');
  });
});

import { describe, expect, test } from 'vitest';
import { SourceMismatch } from '../support/fluent-bit-program.ts';
import { expectSamples, timed } from './expect-samples.ts';
import { fluentBitSamples, recordedFluentBit } from './fluent-bit-samples.ts';
import { builtFluentBit, runFluentBit } from './run-fluent-bit.ts';

describe('one event for each line that Fluent Bit collects', () => {
  test('and puts by its own Kinesis output', { timeout: 600_000 }, async ({ skip }) => {
    const built = await builtFluentBit().catch((error: unknown) => {
      if (error instanceof SourceMismatch) throw error;
      return String(error).split('\n', 1)[0];
    });
    if (typeof built !== 'object')
      return skip(`Fluent Bit cannot be built here (${built}); what it wrote once is read all the same`);
    const { made, from, to } = await timed(() => runFluentBit(built));
    expectSamples(fluentBitSamples(made), from, to);
  });

  test('as it was recorded', () => {
    const { samples, from, to } = recordedFluentBit();
    expect(samples.length).toBeGreaterThan(10);
    expectSamples(samples, from, to);
  });
});

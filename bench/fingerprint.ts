import { fingerprintEvent } from '../shared/events/fingerprint.ts';
import { templateOf } from '../shared/events/template.ts';
import { timeTable } from './handler/sluice-batch.ts';
import { type Contender, interleave } from './harness/interleave.ts';
import { atLeast, type Benchmark, type BenchmarkOptions } from './harness/result.ts';
import { eventTexts, SMALL_BYTES } from './input/events.ts';
import { withHostileMessages } from './input/hostile.ts';
import { NO_REAL_LOGS, readRealLogs, realLogNote } from './input/real-logs.ts';
import { startDrain } from './peers/drain-process.ts';
import { usualFingerprint } from './peers/usual-masking.ts';

const OURS = 'Sluice, fingerprint and template';
const TEMPLATE = 'Sluice, template alone';
const USUAL = 'five regular expressions + sha256';
const DRAIN = 'drain3 (Python, keeps a tree)';
const HOSTILE = 'Sluice, 2 % hostile';
const SOURCE = 'shop';
const COUNT = 4_000;

function messagesOf(lines: readonly string[]): string[] {
  const made = eventTexts({ count: COUNT, bytes: SMALL_BYTES, realLines: lines });
  const messages = made.map((text) => (JSON.parse(text) as { message: string }).message);
  return messages.map((message, index) =>
    index % 2 === 0 ? message : (lines[index % Math.max(1, lines.length)] ?? message),
  );
}

const over = (name: string, messages: readonly string[], work: (message: string) => unknown): Contender => ({
  name,
  events: messages.length,
  run: () => {
    for (const message of messages) work(message);
  },
});

async function run({ directory, onProgress }: BenchmarkOptions) {
  const { lines, sets } = readRealLogs(directory);
  const messages = messagesOf(lines);
  onProgress('in Node');
  const fingerprint = (message: string) => fingerprintEvent({ source: SOURCE, message });
  const inNode = [
    over(OURS, messages, fingerprint),
    over(TEMPLATE, messages, templateOf),
    over(USUAL, messages, (message) => usualFingerprint(SOURCE, message)),
    over(HOSTILE, withHostileMessages(messages), fingerprint),
  ];
  const drain = await startDrain(messages);
  if ('run' in drain) inNode.push({ name: DRAIN, events: messages.length, run: drain.run });
  const timings = await interleave(inNode);
  if ('run' in drain) drain.stop();
  return {
    name: 'fingerprint',
    title: 'Fingerprint',
    notes: [
      `${COUNT} messages, half of them real lines. ${realLogNote(sets)} Fingerprints that come again are remembered by the
product, as in a consumer. drain3 learns its templates from what it has seen, in the order it has seen it; Sluice needs no
state, so every machine agrees.`,
    ],
    tables: [timeTable('Template and fingerprint of a message', timings, USUAL)],
    budgets: [
      atLeast('faster than five regular expressions + sha256', timings.ratio(USUAL, OURS), 2),
      ...('run' in drain ? [atLeast('faster than drain3', timings.ratio(DRAIN, OURS), 10)] : []),
    ],
    missing: [...('missing' in drain ? [drain.missing] : []), ...(lines.length === 0 ? [NO_REAL_LOGS] : [])],
  };
}

export const fingerprintBenchmark: Benchmark = { name: 'fingerprint', title: 'Fingerprint', run };

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PROJECT_FOLDER } from '../../local/local-folder.ts';
import { type ExpectedEvent, fiveCalls, type Sample, withOrder } from './samples.ts';

const PINO = withOrder(
  fiveCalls(
    { type: 'TypeError', message: 'boom' },
    { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331' },
  ),
);
const PLAIN: ExpectedEvent[] = [
  { level: 'info', message: 'started "shop"' },
  { level: 'warning', message: 'WARN slow é' },
  { level: 'error', message: 'ERROR payment failed' },
];
/** What a container says that has no logger. */
export const PLAIN_LINES = PLAIN.map(({ message }) => String(message));
/** What Python writes of an exception that nobody caught. */
export const TRACE_LINES = [
  'Traceback (most recent call last):',
  '  File "/app/shop.py", line 7, in <module>',
  '    pay()',
  '  File "/app/shop.py", line 3, in pay',
  '    raise ValueError("boom")',
  'ValueError: boom',
];

const KUBERNETES = { pod_name: 'cart-6c8f', namespace_name: 'prod', container_name: 'cart', host: 'node-1' };
const inPod = (events: readonly ExpectedEvent[], more: Record<string, unknown> = {}): ExpectedEvent[] =>
  events.map((event) => ({ ...event, details: { ...event.details, ...more, kubernetes: KUBERNETES } }));

/** What is to become of what Fluent Bit sends to each stream: all but the records. */
const ROWS: Readonly<Record<string, Omit<Sample, 'writer' | 'records'>>> = {
  'kubernetes-pino': { format: 'Fluent Bit', events: inPod(PINO, { stream: 'stdout' }), source: 'shop' },
  'kubernetes-plain': { format: 'Fluent Bit', events: inPod(PLAIN, { logtag: 'F' }), source: 'cart' },
  'kubernetes-merged': { format: 'pino, bunyan', events: inPod(PINO, { stream: 'stdout' }), source: 'shop' },
  'docker-pino': { format: 'Fluent Bit', events: PINO, source: 'shop' },
  'tail-pino': { format: 'Fluent Bit', events: PINO, source: 'shop' },
  'tail-plain': { format: 'Fluent Bit', events: PLAIN, isStamped: false },
  'tail-plain-time-key': { format: 'Fluent Bit', events: PLAIN },
  'tail-trace': {
    format: 'Fluent Bit',
    events: [{ level: 'error', message: TRACE_LINES.join('\n'), error: { type: 'ValueError', message: 'boom' } }],
  },
  'log-key-pino': { format: 'Fluent Bit, log_key', events: PINO, source: 'shop' },
  'firelens-plain': {
    format: 'Fluent Bit',
    events: PLAIN.map((event) => ({ ...event, details: { source: 'stderr', ecs_cluster: 'shops' } })),
    source: 'shop',
    isStamped: false,
  },
  stdout: { format: 'Fluent Bit', events: PLAIN },
};

/** The streams that Fluent Bit writes to in tests, with how many records it must write; `stdout` is what it prints. */
export const FLUENT_BIT_STREAMS: ReadonlyMap<string, number> = new Map(
  Object.entries(ROWS).map(([stream, { events }]) => [stream, events.length]),
);

/** The rows around what Fluent Bit wrote. */
export function fluentBitSamples(recordsOf: (stream: string) => readonly (string | Buffer)[]): Sample[] {
  return Object.entries(ROWS).map(([stream, row]) => ({
    ...row,
    writer: `Fluent Bit, ${stream}`,
    records: recordsOf(stream),
  }));
}

const RECORDED = join(import.meta.dirname, 'recorded/fluent-bit.json');

interface Recording {
  /** When Fluent Bit began and ended, in milliseconds since 1970. */
  from: number;
  to: number;
  streams: Record<string, string[]>;
}

/** What Fluent Bit 1.8.15 wrote when it was recorded. */
export function recordedFluentBit(): { samples: Sample[]; from: number; to: number } {
  const { streams, from, to } = JSON.parse(readFileSync(RECORDED, 'utf8')) as Recording;
  return { samples: fluentBitSamples((stream) => streams[stream] ?? []), from, to };
}

/** Keeps what Fluent Bit wrote; the places of this machine's files in it become `/app`. */
export function recordFluentBit(recordsOf: (stream: string) => readonly Buffer[], from: number, to: number): void {
  const written = (stream: string) =>
    recordsOf(stream).map((record) => record.toString('utf8').replaceAll(PROJECT_FOLDER, '/app'));
  const streams = Object.fromEntries(Object.keys(ROWS).map((stream) => [stream, written(stream)]));
  writeFileSync(RECORDED, `${JSON.stringify({ from, to, streams } satisfies Recording, null, 2)}\n`);
}

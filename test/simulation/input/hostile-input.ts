import { gzipSync } from 'node:zlib';
import type { LogEvent } from '../../../shared/events/event.ts';
import type { Random } from '../random.ts';
import { aggregateOf } from './kpl-writer.ts';
import { type Parcel, type PartTruth, partOf } from './parcel.ts';
import { SIZES } from './size-limits.ts';

/** Its partition key is chance, unless it brings one. */
export type Made = Pick<Parcel, 'data' | 'truth'> & { faults?: Parcel['faults']; partitionKey?: string };
export interface HostileContext {
  random: Random;
  /** A canonical event to spoil. */
  event: () => LogEvent;
  now: number;
}

const REJECTED = { rejected: true } as const;
const FOREIGN: PartTruth = { id: undefined, level: undefined };
const bytes = (text: string) => Buffer.from(text);
const json = (value: unknown) => bytes(JSON.stringify(value));
const oneForeign = (data: Uint8Array): Made => ({ data, truth: { parts: [FOREIGN] } });
/** A canonical event that is changed; `says`: what of it must be understood in place of the change. */
const oneOf = (event: LogEvent, change: object, says: Partial<LogEvent> = change): Made => ({
  data: json({ ...event, ...change }),
  truth: { parts: [partOf({ ...event, ...says })] },
});
/** An event whose time cannot be kept, and with it what must be noted of that. */
const withoutTime = ({ time: _, ...event }: LogEvent, change: { time?: string }, notes: object): Made => ({
  data: json({ ...event, ...change }),
  truth: { parts: [{ id: event.id, level: event.level, event: withNotes(event, notes) }] },
});
const withNotes = <Event extends Pick<LogEvent, 'attributes'>>(event: Event, notes: object): Event =>
  Object.keys(notes).length === 0 ? event : { ...event, attributes: { ...event.attributes, ...notes } };
const rejected = (data: Uint8Array, faults: Parcel['faults'] = []): Made => ({ data, truth: REJECTED, faults });
const ofFault = (fault: number, made: Made, kind?: string): Made => ({
  ...made,
  faults: [...(made.faults ?? []), { fault, kind }],
});

function badChecksum({ event }: HostileContext): Uint8Array {
  const data = Buffer.from(aggregateOf([json(event())]));
  data.writeUInt8(data.readUInt8(data.length - 1) ^ 0xff, data.length - 1);
  return data;
}

/** Input that cannot be understood: it must end in quarantine, byte by byte. */
export const POISON: Readonly<Record<string, (context: HostileContext) => Made>> = {
  'bad UTF-8': ({ random }) => rejected(Uint8Array.of(0xc3, 0x28, 0xff, random.between(0x80, 0xff))),
  empty: () => rejected(new Uint8Array(0)),
  blank: () => rejected(bytes(' \n\t ')),
  'empty array': () => rejected(bytes('[]')),
  'broken gzip': ({ event }) => rejected(gzipSync(json(event())).subarray(0, 30)),
  'nested gzip': ({ event }) => rejected(gzipSync(gzipSync(json(event())))),
  'aggregate, bad checksum': (context) => rejected(badChecksum(context), [{ fault: 25, kind: 'bad checksum' }]),
  'aggregate, truncated': ({ event }) =>
    rejected(aggregateOf([json(event()), json(event())]).subarray(0, 90), [{ fault: 25, kind: 'truncated' }]),
  'aggregate, nested': ({ event }) =>
    rejected(aggregateOf([aggregateOf([json(event())])]), [{ fault: 25, kind: 'nested' }]),
  'aggregate, index out of its table': ({ event }) => rejected(aggregateOf([json(event())], { keyIndex: 7 })),
  'aggregate of nothing': () => rejected(aggregateOf([])),
  'aggregate with one bad part': ({ event }) => rejected(aggregateOf([json(event()), Uint8Array.of(0xff, 0xfe)])),
};

function deep(levels: number): string {
  return `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`;
}

const cloudWatch = (messageType: string, logEvents: object[]) =>
  gzipSync(json({ messageType, owner: '123456789012', logGroup: '/aws/lambda/orders', logStream: 's', logEvents }));

/** Lines as a log group that subscribes the stream sends them, of which a blank one is none. */
function subscribedLines({ event, random, now }: HostileContext): Made {
  const canonical = event();
  const messages = [`ERROR payment ${random.between(1, 99)} failed`, JSON.stringify(canonical), '\n'];
  const logEvents = messages.map((message) => ({ id: random.hex(56), timestamp: now, message }));
  const notes = { 'aws.log.group': '/aws/lambda/orders', 'aws.log.stream': 's' };
  const parts = [{ id: undefined, level: 'error' }, partOf(withNotes(canonical, notes))];
  return { data: cloudWatch('DATA_MESSAGE', logEvents), truth: { parts } };
}

/** What a log group sends that holds nothing: a try at first, whose one line is CloudWatch's own, and no lines. */
function emptyMessage(messageType: string, kind: string, logEvents: object[] = []): Made {
  return { data: cloudWatch(messageType, logEvents), truth: { parts: [] }, faults: [{ fault: 40, kind }] };
}

/** The one kind of which an event is no row: the archive's schema refuses it. */
export const NO_ROW = 'version that no column takes';

/** Input that is odd but says something: it must become events. */
export const ODD: Readonly<Record<string, (context: HostileContext) => Made>> = {
  'deep JSON': ({ random }) => oneForeign(bytes(deep(random.pick([499, 500, 501, 3_000])))),
  'own __proto__': ({ event }) => {
    const made = event();
    const text = JSON.stringify(made).replace('{', '{"__proto__":{"polluted":true},');
    // What no field is called stays, as a key of its own and no prototype.
    const details = Object.entries({ ...(made.details as object) });
    const kept = Object.fromEntries([...details, ['__proto__', { polluted: true }]]);
    return { data: bytes(text), truth: { parts: [partOf({ ...made, details: kept })] } };
  },
  'lone surrogate': ({ event }) => {
    const made = event();
    const text = JSON.stringify(made).replace('"message":"', '"message":"\\ud800');
    return { data: bytes(text), truth: { parts: [partOf({ ...made, message: `\ufffd${made.message}` })] } };
  },
  NUL: ({ event }) => oneOf(event(), { message: 'a\u0000b' }, { message: 'a\ufffdb' }),
  'a number': () => oneForeign(bytes('42')),
  'an object of no shape': () => oneForeign(bytes('{"colour":"red"}')),
  'broken JSON': () => oneForeign(bytes('{"level":"error","message":')),
  'lines of text': () => oneForeign(bytes('Traceback:\n  File "a.py", line 1\nValueError: 7')),
  'text of pino': ({ random }) =>
    oneForeign(json({ level: 50, time: 1, pid: 1, hostname: 'h', msg: `pino says ${random.between(1, 9)}` })),
  'lines of pino': () => {
    const line = (n: number) => JSON.stringify({ level: 50, pid: 1, hostname: 'h', msg: `line ${n}` });
    return { data: bytes(`${line(1)}\n${line(2)}\n`), truth: { parts: [FOREIGN, FOREIGN] } };
  },
  'newline in a message': ({ event }) =>
    ofFault(37, oneOf(event(), { message: 'first line\nsecond "line"\r\n\tthird' })),
  'newer version': ({ event }) => oneOf(event(), { v: 7 }),
  [NO_ROW]: ({ event }) => oneOf(event(), { v: 2 ** 40 }),
  'unknown level': ({ event }) => {
    const made = event();
    const says = withNotes({ ...made, level: 'info' as const }, { 'sluice.level': 'catastrophic' });
    return oneOf(made, { level: 'catastrophic' }, says);
  },
  'no time': ({ event }) => withoutTime(event(), {}, {}),
  'time of another day': ({ event, now }) => {
    const time = new Date(now - 3 * 86_400_000).toISOString();
    return withoutTime(event(), { time }, { 'sluice.time': time });
  },
  'long id': ({ event, random }) => {
    const id = random.hex(300);
    return { data: json({ ...event(), id }), truth: { parts: [FOREIGN] } };
  },
  'lines, one broken': ({ event }) => {
    const [a, b] = [event(), event()];
    const text = `${JSON.stringify(a)}\n\n{"broken\n${JSON.stringify(b)}\n`;
    const parts = [partOf(a), FOREIGN, partOf(b)];
    return { data: bytes(text), truth: { parts } };
  },
  'control message': ({ now }) =>
    emptyMessage('CONTROL_MESSAGE', 'control message', [{ id: '', timestamp: now, message: 'is anybody there?' }]),
  'no lines': () => emptyMessage('DATA_MESSAGE', 'no lines'),
  'lines of a log group': subscribedLines,
  'our own log': () =>
    ofFault(41, oneForeign(json({ level: 'WARN', service: 'route-alerts', message: 'batch given back in part' }))),
};

/** Whether a parcel of this kind is one of the above. */
export function isHostile(kind: string): boolean {
  return kind in POISON || kind in ODD || kind in SIZES;
}

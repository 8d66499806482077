import { gzipSync } from 'node:zlib';
import type { LogEvent } from '../../../shared/events/event.ts';
import type { HostileContext, Made } from './hostile-input.ts';
import { partOf, type Understood } from './parcel.ts';

/**
 * The limits, in bytes of UTF-8, a second time: with the product's own numbers the product would agree whatever they say.
 * Sources: docs/client.md for the fields of an event; FACTS.md, "Kinesis", for a record.
 */
const MESSAGE = 65_536;
const ERROR_MESSAGE = 16_384;
const STACK = 32_768;
const EXTRAS = 131_072;
const EVENT = 262_144;
const RECORD = 1_048_576;

const json = (value: unknown) => Buffer.from(JSON.stringify(value));

type Make = (context: HostileContext) => Omit<Made, 'faults'>;

/** One byte under a limit, at it, and one byte over it. */
const BYTES_BESIDE = { under: -1, at: 0, over: 1 };

/** Three kinds of input: `make` is told how many bytes beside the limit. */
function sides(limit: string, make: (beside: number) => Make): [string, (context: HostileContext) => Made][] {
  return Object.entries(BYTES_BESIDE).map(([side, beside]) => {
    const kind = `${limit} ${side}`;
    return [kind, (context) => ({ ...make(beside)(context), faults: [{ fault: 39, kind }] })];
  });
}

interface Cut {
  says: Partial<LogEvent>;
  /** The attribute that tells what was cut, and how large it was. */
  note: string;
}

/** An event whose change keeps the limit, or is `cut`. */
function sized(event: LogEvent, change: Partial<LogEvent>, cut: Cut | undefined): ReturnType<Make> {
  const sent = { ...event, ...change };
  if (cut === undefined) return { data: json(sent), truth: { parts: [partOf(sent)] } };
  const attributes = { ...sent.attributes, 'sluice.cut': cut.note };
  return { data: json(sent), truth: { parts: [partOf({ ...sent, ...cut.says, attributes })] } };
}

/** Characters of two bytes that begin at an odd place: 40 bytes are for the mark, and a cut there would split one. */
function messageOf(beside: number): Make {
  const message = `x${'é'.repeat(beside < 1 ? 32_767 : 32_768)}${beside === 0 ? 'x' : ''}`;
  const cut = { says: { message: `x${'é'.repeat(32_747)}… [cut 42 bytes]` }, note: 'message=65537' };
  return ({ event }) => sized(event(), { message }, beside > 0 ? cut : undefined);
}

function stackOf(beside: number): Make {
  const error = { type: 'Big', message: 'm' };
  const cut = {
    says: { error: { ...error, stack: `${'s'.repeat(32_728)}… [cut 41 bytes]` } },
    note: 'error.stack=32769',
  };
  const stack = 's'.repeat(STACK + beside);
  return ({ event }) => sized(event(), { error: { ...error, stack } }, beside > 0 ? cut : undefined);
}

function errorMessageOf(beside: number): Make {
  const message = `${'m'.repeat(16_344)}… [cut 41 bytes]`;
  const cut = { says: { error: { type: 'Big', message } }, note: 'error.message=16385' };
  const error = { type: 'Big', message: 'm'.repeat(ERROR_MESSAGE + beside) };
  return ({ event }) => sized(event(), { error }, beside > 0 ? cut : undefined);
}

/** `{"blob":"` and `"}`. */
const BLOB = 11;
/** `{"region":"eu-central-1"}` */
const ATTRIBUTES = 25;

/** Details and attributes together: what is over goes from the details, and 4 KiB more for the notes; 40 bytes are the mark. */
function extrasOf(beside: number): Make {
  const details = { blob: 'b'.repeat(EXTRAS - ATTRIBUTES - BLOB + beside) };
  const attributes = { region: 'eu-central-1' };
  const cut = { says: { details: `{"blob":"${'b'.repeat(126_902)}… [cut 4137 bytes]` }, note: 'details=131048' };
  return ({ event }) => sized(event(), { details, attributes }, beside > 0 ? cut : undefined);
}

/** A quotation mark is one byte, and two in JSON: the event is over its limit with every field within its own. */
function eventOf(beside: number): Make {
  return ({ event }) => {
    const { attributes: _, error: __, ...own } = event();
    const message = '"'.repeat(MESSAGE);
    const rest = json({ ...own, message, details: { blob: '' } }).byteLength;
    const blob = 'b'.repeat(EVENT - rest + beside);
    const bytes = blob.length + BLOB;
    // Half of every limit: 32,768 for the message, and 65,536 less the 4 KiB for the details.
    const says = {
      message: `${'"'.repeat(32_728)}… [cut 32808 bytes]`,
      details: `{"blob":"${'b'.repeat(61_391)}… [cut ${bytes - 61_400} bytes]`,
    };
    const cut = { says, note: `message=65536 details=${bytes}` };
    return sized(own, { message, details: { blob } }, beside > 0 ? cut : undefined);
  };
}

/** What a text of so many bytes `r` must be understood as. */
export function largeText(bytes: number): Understood {
  const message = `${'r'.repeat(65_496)}… [cut ${bytes - 65_496} bytes]`;
  const attributes = { 'sluice.cut': `message=${bytes}` };
  return { v: 1, type: 'log', level: 'info', source: 'unknown', message, attributes };
}

/** A record counts with its partition key. One over the limit is never taken, so there is nothing that must become of it. */
function recordOf(beside: number): Make {
  const partitionKey = 'key-1';
  const bytes = RECORD - partitionKey.length + beside;
  const data = Buffer.alloc(bytes, 'r');
  const parts = [{ id: undefined, level: 'info', event: largeText(bytes) }];
  return () => ({ data, partitionKey, truth: beside > 0 ? { rejected: true } : { parts } });
}

const bomb = (() => {
  let made: Uint8Array | undefined;
  return () => {
    made ??= gzipSync(Buffer.alloc(40 * 1024 * 1024), { level: 9 });
    return made.subarray(0);
  };
})();

/** Sizes at, under and over a limit. They cost time, so they come in runs that are about them. */
export const SIZES: Readonly<Record<string, (context: HostileContext) => Made>> = {
  ...Object.fromEntries([
    ...sides('message', messageOf),
    ...sides('stack', stackOf),
    ...sides('error message', errorMessageOf),
    ...sides('extras', extrasOf),
    ...sides('event', eventOf),
    ...sides('record', recordOf),
  ]),
  'bomb over': () => ({ data: bomb(), truth: { rejected: true }, faults: [{ fault: 39, kind: 'bomb over' }] }),
};

import { readIsoTime } from '../events/decode-iso-time.ts';
import type { AlertGroup } from './alert-group.ts';
import type { Episode } from './episode.ts';
import { type GroupWindow, isoTime } from './group-window.ts';

/**
 * A group's window and episode as they stand in its item, which is written with every batch and billed by its size: short
 * names, times in milliseconds after the window was opened, the id of a UUID in its 16 bytes. Items of the first deployments
 * have long names and ISO 8601 texts, and are read as well: what has no short name stands under its own.
 */
export function packGroup({ window, episode, ...group }: AlertGroup): Record<string, unknown> {
  const { openedBy, openedAt, ...others } = window;
  const base = Date.parse(openedAt);
  return {
    ...group,
    window: { b: bytesOfUuid(openedBy) ?? openedBy, o: base, ...pack(others, WINDOW_NAMES, base) },
    ...(episode === undefined ? {} : { episode: pack(episode, EPISODE_NAMES, base) }),
  };
}

export function unpackGroup({ window, episode, ...group }: Record<string, unknown>): AlertGroup {
  const { b, o, ...others } = window as PackedWindow;
  const opened = b === undefined ? {} : { openedBy: typeof b === 'string' ? b : uuidOfBytes(b), openedAt: isoTime(o) };
  return {
    ...group,
    window: { ...opened, ...unpack(others, LONG_WINDOW_NAMES, o) },
    ...(episode === undefined ? {} : { episode: unpack(episode as Packed, LONG_EPISODE_NAMES, o) }),
  } as unknown as AlertGroup;
}

type Packed = Readonly<Record<string, unknown>>;
type Names<T> = Readonly<Partial<Record<keyof T, string>>>;
/** `b` is the id of the event that opened it, `o` when that was, in milliseconds since 1970. */
interface PackedWindow extends Packed {
  b?: string | Uint8Array;
  o: number;
}

/** Stored, so none may ever mean something else. */
const WINDOW_NAMES: Names<GroupWindow> = {
  status: 's',
  closesAt: 'c',
  tellAt: 't',
  kind: 'k',
  count: 'n',
  told: 'd',
  firstSeen: 'f',
  lastSeen: 'l',
  title: 'h',
  sample: 'x',
  incidents: 'i',
  inStorm: 'm',
};
const EPISODE_NAMES: Names<Episode> = {
  since: 's',
  count: 'n',
  lastAt: 'l',
  quiet: 'q',
  overAt: 'o',
  toldAt: 't',
  flaps: 'f',
  hiddenAt: 'h',
  isOver: 'e',
  inStorm: 'm',
};

const LONG_WINDOW_NAMES = turnedRound(WINDOW_NAMES);
const LONG_EPISODE_NAMES = turnedRound(EPISODE_NAMES);

/** Without a prototype: an item says its names. */
function turnedRound(names: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const long = Object.entries(names).map(([name, short]): [string, string] => [short, name]);
  return Object.assign(Object.create(null), Object.fromEntries(long));
}

const TIMES: ReadonlySet<string> = new Set<keyof GroupWindow | keyof Episode>([
  'closesAt',
  'tellAt',
  'firstSeen',
  'lastSeen',
  'since',
  'lastAt',
  'overAt',
  'toldAt',
  'hiddenAt',
]);

// Loops, and names turned round once: this is a tenth of what a batch of route-alerts computes.
function pack<T extends object>(part: T, names: Names<T>, base: number): Packed {
  const packed: Record<string, unknown> = {};
  for (const name of Object.keys(part) as (keyof T & string)[]) {
    const value = part[name];
    if (value !== undefined) packed[names[name] ?? name] = TIMES.has(name) ? packTime(value, base) : value;
  }
  return packed;
}

function unpack(packed: Packed, long: Readonly<Record<string, string>>, base: number): Packed {
  const part: Record<string, unknown> = {};
  for (const short of Object.keys(packed)) {
    const [name, value] = [long[short] ?? short, packed[short]];
    part[name] = typeof value === 'number' && TIMES.has(name) ? isoTime(base + value) : value;
  }
  return part;
}

/** The time of an event may be written in another way, or be none: it stands as it is then. */
function packTime(time: unknown, base: number): unknown {
  const milliseconds = typeof time === 'string' ? readIsoTime(time) : Number.NaN;
  return Number.isNaN(milliseconds) ? time : milliseconds - base;
}

const UUID_BYTES = 16;
const DASH = 0x2d;
const ZERO = 0x30;
const NINE = 0x39;
const LETTER_A = 0x61;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

function bytesOfUuid(id: string): Uint8Array | undefined {
  if (!UUID.test(id)) return undefined;
  const bytes = new Uint8Array(UUID_BYTES);
  let at = 0;
  for (let byte = 0; byte < UUID_BYTES; byte++) {
    if (id.charCodeAt(at) === DASH) at++;
    bytes[byte] = 16 * digitAt(id, at) + digitAt(id, at + 1);
    at += 2;
  }
  return bytes;
}

/** A small hexadecimal digit, of which it is known that it is one. */
function digitAt(text: string, at: number): number {
  const code = text.charCodeAt(at);
  return code <= NINE ? code - ZERO : code - LETTER_A + 10;
}

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

function uuidOfBytes(bytes: Uint8Array): string {
  let digits = '';
  for (let at = 0; at < bytes.length; at++) {
    if (at === 4 || at === 6 || at === 8 || at === 10) digits += '-';
    digits += HEX[bytes[at] as number];
  }
  return digits;
}

import { type Category, categoryOf, isAtLeast, isLevel, LEVELS, type Level } from '../shared/events/levels.ts';
import { LENGTHS } from '../shared/events/limits.ts';
import type { NamedLevel } from './event-maker.ts';
import type { BufferLimits } from './line-buffer.ts';
import { type LoggerOptions, PACKINGS, type Packing } from './logger-api.ts';
import { textOfThrown } from './plain-value.ts';
import { type Redaction, redactionOf } from './redaction.ts';
import { isTimeZone } from './rendered-text.ts';

/** Options, each checked, each there. */
export interface Settings {
  source: string;
  streamName: string | undefined;
  /** Neither a stream is named nor a way of the application's own: nothing can be sent. */
  isUnnamed: boolean;
  levels: ReadonlyMap<string, NamedLevel>;
  /** Levels that are sent, by name. */
  enabled: ReadonlySet<string>;
  timeZone: string;
  redaction: Redaction;
  limits: BufferLimits;
  interval: number;
  packing: Packing;
  partitionKey: string | undefined;
  flushOnExit: boolean;
}

/** What a logger finds in its process. */
export interface Surroundings {
  env: Readonly<Record<string, string | undefined>>;
  /** Whether this Node can compress so. */
  canPack: (packing: Packing) => boolean;
}

const MEBIBYTE = 1024 * 1024;
const LONGEST_STREAM_NAME = 128;
const STREAM_NAME = /^[\w.-]+$/;
/** Partition keys have at most 256 characters. Source: Kinesis API, PutRecordsRequestEntry. */
const LONGEST_KEY = 256;
const CUSTOM_NAME = /^[A-Za-z][\w-]{0,31}$/;

type Complain = (message: string) => void;
/** Options as somebody without types gives them. */
type Given = Readonly<Record<keyof LoggerOptions, unknown>>;

/** Reads the options. What cannot be used is complained of, and has its default: a logger is always there. */
export function readSettings(given: unknown, { env, canPack }: Surroundings, complain: Complain): Settings {
  const options = (typeof given === 'object' && given !== null ? given : {}) as Given;
  const least = read(options, 'level', isLevel, 'debug', `one of ${LEVELS.join(', ')}`, complain);
  const levels = readLevels(options.levels, complain);
  const streamName = readStreamName(options, env, complain);
  return {
    source: read(options, 'source', isName(LENGTHS.source), 'unknown', 'a text of 1 to 256 characters', complain, true),
    streamName,
    isUnnamed: streamName === undefined && options.send === undefined,
    levels,
    enabled: new Set([...levels].filter(([, { level }]) => isAtLeast(level, least)).map(([name]) => name)),
    timeZone: read(options, 'timeZone', isTimeZone, 'UTC', 'an IANA time zone such as Europe/Berlin', complain),
    redaction: readRedaction(options.redact, complain),
    limits: {
      events: read(options, 'maxBuffered', isCount(1), 50_000, 'a whole number from 1 on', complain),
      bytes: read(options, 'maxBufferedBytes', isCount(MEBIBYTE), 16 * MEBIBYTE, 'bytes, 1 MiB or more', complain),
    },
    interval: read(options, 'flushInterval', isCount(10), 1_000, 'milliseconds, 10 or more', complain),
    packing: readPacking(options, canPack, complain),
    partitionKey: read(options, 'partitionKey', isKey, undefined, 'a text of 1 to 256 characters', complain),
    flushOnExit: read(options, 'flushOnExit', isBoolean, true, 'true or false', complain),
  };
}

const isBoolean = (value: unknown): value is boolean => typeof value === 'boolean';
const isCount =
  (least: number) =>
  (value: unknown): value is number =>
    Number.isSafeInteger(value) && (value as number) >= least;
const isName =
  (longest: number) =>
  (value: unknown): value is string =>
    typeof value === 'string' && value.length > 0 && value.length <= longest;
const isKey = (value: unknown): value is string | undefined => isName(LONGEST_KEY)(value);

function read<T>(
  options: Given,
  name: keyof LoggerOptions,
  isSound: (value: unknown) => value is T,
  ...[fallback, expected, complain, isRequired = false]: [T, string, Complain, boolean?]
): T {
  const value = options[name];
  if (isSound(value)) return value;
  if (value !== undefined || isRequired) {
    complain(`${name}: expected ${expected}, got ${shown(value)}; ${shown(fallback)} is used`);
  }
  return fallback;
}

function shown(value: unknown): string {
  return value === undefined ? 'nothing' : textOfThrown(value).slice(0, 100);
}

function readStreamName(options: Given, env: Surroundings['env'], complain: Complain): string | undefined {
  if (options.send !== undefined) return undefined;
  const name = options.streamName ?? env.SLUICE_STREAM;
  if (isName(LONGEST_STREAM_NAME)(name) && STREAM_NAME.test(name)) return name;
  complain(
    `streamName: expected the name of a Kinesis stream, here or in SLUICE_STREAM, got ${shown(name)}; nothing can be sent`,
  );
  return undefined;
}

function readPacking(options: Given, canPack: Surroundings['canPack'], complain: Complain): Packing {
  const isPacking = (value: unknown): value is Packing => PACKINGS.includes(value as Packing);
  const wanted = read(options, 'packing', isPacking, 'zstd', `one of ${PACKINGS.join(', ')}`, complain);
  if (canPack(wanted)) return wanted;
  if (options.packing !== undefined) complain(`packing: this Node has no ${wanted}; gzip is used`);
  return 'gzip';
}

function readRedaction(paths: unknown, complain: Complain): Redaction {
  const isList = Array.isArray(paths);
  if (paths !== undefined && !isList) complain(`redact: expected a list of paths, got ${shown(paths)}`);
  return redactionOf(isList ? paths : [], (path) =>
    complain(`redact: expected a path such as user.email, got ${shown(path)}`),
  );
}

function readLevels(given: unknown, complain: Complain): Map<string, NamedLevel> {
  const levels = new Map<string, NamedLevel>(LEVELS.map((level) => [level, { level }]));
  if (given === undefined) return levels;
  if (typeof given !== 'object' || given === null) {
    complain(`levels: expected an object of levels by name, got ${shown(given)}`);
    return levels;
  }
  for (const [name, custom] of Object.entries(given)) {
    const level = levelOf(custom);
    if (!CUSTOM_NAME.test(name) || isLevel(name)) {
      complain(`levels: expected a name of letters and digits that is none of the five, got ${shown(name)}`);
    } else if (level === undefined) {
      complain(
        `levels.${name}: expected a category, error or informational, and a level of that category, got ${shown(custom)}`,
      );
    } else levels.set(name, { level, name });
  }
  return levels;
}

const DEFAULT_LEVELS: Readonly<Record<Category, Level>> = { error: 'error', informational: 'info' };

/** The one of the five that a custom level counts as; undefined when it names no category, or one that does not fit. */
function levelOf(custom: unknown): Level | undefined {
  const { category, level } = (typeof custom === 'object' && custom !== null ? custom : { category: custom }) as Record<
    string,
    unknown
  >;
  if (category !== 'error' && category !== 'informational') return undefined;
  if (level === undefined) return DEFAULT_LEVELS[category];
  return isLevel(level) && categoryOf(level) === category ? level : undefined;
}

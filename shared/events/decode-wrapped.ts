import {
  type Draft,
  type Format,
  hasSlot,
  type Names,
  readFields,
  type Slot,
  type TextFormat,
  withRest,
} from './decode-fields.ts';
import { isObject, isTame, type JsonObject, ownValue } from './decode-json.ts';
import { GENERIC } from './decode-names.ts';

/** Reads a line that something else carried: JSON of a logger, a line of a known form, plain text. */
export type ReadLine = (line: string, arrivedAt: number) => Draft;

const has = (object: JsonObject, key: string) => ownValue(object, key) !== undefined;
const WRAPPING = ['stream', 'kubernetes', 'date', 'container_name', 'container_id', 'ecs_task_arn'];
const OTHERS: Names = { ...GENERIC, message: GENERIC.message.filter((name) => name !== 'log') };
/** What a record must have one of, to be the record of a logger: it says something, or how bad it is, or what failed. */
export const SAYING: readonly Slot[] = ['message', 'level', 'error', 'stack'];

const asText = (value: unknown) => (typeof value === 'string' && value !== '' ? value : undefined);

/** The container, by the name that stays the same from one start to the next. */
function containerOf(object: JsonObject): string | undefined {
  const kubernetes = ownValue(object, 'kubernetes');
  const pod = isObject(kubernetes) ? asText(ownValue(kubernetes, 'container_name')) : undefined;
  // `shop:12` is the twelfth revision of `shop`.
  const task = asText(ownValue(object, 'ecs_task_definition'))?.replace(/:\d{1,9}$/, '');
  return pod ?? task ?? asText(ownValue(object, 'container_name'))?.replace(/^\//, '');
}

/** Whether anything but `log` says something: then `log` is the word of a logger for its message. */
function saysMore(object: JsonObject): boolean {
  return SAYING.some((slot) => hasSlot(object, slot, OTHERS));
}

/** What of an event the wrapping may state where the line does not; what it states beside that is a detail. */
const OUTER = ['time', 'source', 'traceId', 'spanId'] as const;

function outerNames(wrapping: JsonObject, inner: Draft): Names {
  const slots = OUTER.filter((slot) => inner[slot] === undefined);
  const names: Names = Object.fromEntries(slots.map((slot) => [slot, GENERIC[slot]]));
  const stated = ownValue(wrapping, 'source');
  const isStream = stated === 'stdout' || stated === 'stderr';
  return isStream && names.source ? { ...names, source: names.source.filter((name) => name !== 'source') } : names;
}

/**
 * Fluent Bit, FireLens and Docker's JSON files wrap a line under `log`; the line itself may be the JSON of a logger. With
 * nothing set, Fluent Bit's tail and Kinesis output write `log` and nothing else.
 */
export function fluentBit(readLine: ReadLine): Format & { name: 'Fluent Bit' } {
  return {
    name: 'Fluent Bit',
    recognises: (object) =>
      typeof ownValue(object, 'log') === 'string' && (WRAPPING.some((key) => has(object, key)) || !saysMore(object)),
    read: (object, arrivedAt) => {
      const { log, ...wrapping } = object;
      const line = readLine(String(log).replace(/\r?\n$/, ''), arrivedAt);
      const inner = { ...line, source: line.source ?? containerOf(object) };
      const outer = readFields(wrapping, outerNames(wrapping, inner));
      const stated = Object.fromEntries(OUTER.map((slot) => [slot, inner[slot] ?? outer[slot]]));
      const details = isObject(outer.details) ? withRest(inner.details, outer.details) : inner.details;
      return { ...inner, ...stated, details };
    },
  };
}

/** The JSON object that a text is, once it is read as what stands between the quotes of a JSON string. */
function unescaped(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(JSON.parse(`"${text}"`));
    return isObject(value) && isTame(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/**
 * With `log_key`, Fluent Bit's Kinesis output sends the value of that key alone, as it stands in JSON but without the quotes
 * around it: of the JSON of a logger each quote has a backslash. Source: `process_event` in its out_kinesis_streams.
 */
export function fluentBitLogKey(
  readObject: (object: JsonObject, arrivedAt: number) => Draft,
): TextFormat & { name: 'Fluent Bit, log_key' } {
  const begins = (text: string) => text.startsWith('{\\"');
  return {
    name: 'Fluent Bit, log_key',
    begins,
    read: (text, arrivedAt) => {
      const object = begins(text) ? unescaped(text) : undefined;
      return object && readObject(object, arrivedAt);
    },
  };
}

import { type Draft, type Format, readFields, withRest } from './decode-fields.ts';
import { isObject, type JsonObject, ownValue } from './decode-json.ts';
import { GENERIC } from './decode-names.ts';

/** Reads a line that something else carried: JSON of a logger, a line of a known form, plain text. */
export type ReadLine = (line: string, arrivedAt: number) => Draft;

const has = (object: JsonObject, key: string) => ownValue(object, key) !== undefined;
const WRAPPING = ['stream', 'kubernetes', 'date', 'container_name', 'container_id', 'ecs_task_arn'];

const asText = (value: unknown) => (typeof value === 'string' && value !== '' ? value : undefined);

/** The container, by the name that stays the same from one start to the next. */
function containerOf(object: JsonObject): string | undefined {
  const kubernetes = ownValue(object, 'kubernetes');
  const pod = isObject(kubernetes) ? asText(ownValue(kubernetes, 'container_name')) : undefined;
  // `shop:12` is the twelfth revision of `shop`.
  const task = asText(ownValue(object, 'ecs_task_definition'))?.replace(/:\d{1,9}$/, '');
  return pod ?? task ?? asText(ownValue(object, 'container_name'))?.replace(/^\//, '');
}

/** Fluent Bit, FireLens and Docker's JSON files wrap a line under `log`; the line itself may be the JSON of a logger. */
export function fluentBit(readLine: ReadLine): Format & { name: 'Fluent Bit' } {
  return {
    name: 'Fluent Bit',
    recognises: (object) => typeof ownValue(object, 'log') === 'string' && WRAPPING.some((key) => has(object, key)),
    read: (object, arrivedAt) => {
      const { log, ...wrapping } = object;
      const inner = readLine(String(log).replace(/\r?\n$/, ''), arrivedAt);
      // When the line was collected is a detail of one that says when it was written.
      const outer = readFields(wrapping, inner.time === undefined ? { time: GENERIC.time } : {});
      return {
        ...inner,
        time: inner.time ?? outer.time,
        source: inner.source ?? containerOf(object),
        details: isObject(outer.details) ? withRest(inner.details, outer.details) : inner.details,
      };
    },
  };
}

import { type Draft, type Format, readFields } from './decode-fields.ts';
import { isObject, type JsonObject, ownValue } from './decode-json.ts';
import { errorInText } from './plain-text.ts';

const recordOf = (object: JsonObject) => {
  const record = ownValue(object, 'record');
  return isObject(record) ? record : undefined;
};

const within = (record: JsonObject, name: string, key: string) => {
  const value = ownValue(record, name);
  return isObject(value) ? ownValue(value, key) : undefined;
};

const asText = (value: unknown) => (typeof value === 'string' ? value : undefined);

/** The type and the message as the record has them, the trace as the text beside it shows it. */
function errorOf(record: JsonObject, text: unknown): Draft['error'] {
  const type = asText(within(record, 'exception', 'type'));
  if (type === undefined) return undefined;
  const message = asText(within(record, 'exception', 'value')) ?? '';
  const stack = typeof text === 'string' ? errorInText(text)?.stack : undefined;
  return stack === undefined ? { type, message } : { type, message, stack };
}

function read(object: JsonObject): Draft {
  const record = recordOf(object) ?? {};
  const draft = readFields(object, {});
  return {
    ...draft,
    time: within(record, 'time', 'timestamp'),
    level: within(record, 'level', 'name'),
    source: asText(within(record, 'extra', 'service')) ?? asText(ownValue(record, 'name')),
    message: ownValue(record, 'message'),
    error: errorOf(record, ownValue(object, 'text')),
    traceId: within(record, 'extra', 'trace_id'),
    spanId: within(record, 'extra', 'span_id'),
  };
}

/** Python's loguru with `serialize=True`: `{text, record: {level: {name}, time: {timestamp}, message, …}}`. */
export const LOGURU = {
  name: 'loguru',
  recognises: (object) => {
    const record = recordOf(object);
    return record !== undefined && typeof ownValue(record, 'message') === 'string' && isObject(record.level);
  },
  read,
} as const satisfies Format;

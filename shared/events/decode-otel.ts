import { type Draft, type Format, readFields, withRest } from './decode-fields.ts';
import { isObject, type JsonObject, ownValue } from './decode-json.ts';
import { GENERIC } from './decode-names.ts';
import type { Level } from './levels.ts';

/** OpenTelemetry counts 1 to 24 in steps of four. Source: Logs Data Model, "SeverityNumber". */
const SEVERITIES: readonly Level[] = ['debug', 'debug', 'info', 'warning', 'error', 'critical'];

function levelOfSeverity(value: unknown): Level | undefined {
  const step = typeof value === 'number' ? Math.ceil(value / 4) - 1 : -1;
  return SEVERITIES[step];
}

const SCALARS: ReadonlySet<string> = new Set(['stringValue', 'intValue', 'doubleValue', 'boolValue', 'bytesValue']);

/** `{stringValue: "x"}`, `{intValue: "7"}`, `{arrayValue: {values: […]}}`: an AnyValue of OTLP as plain JSON. */
function plainValue(value: unknown): unknown {
  if (!isObject(value)) return value;
  const [[name, inner] = ['', undefined], ...others] = Object.entries(value);
  if (others.length > 0) return value;
  if (SCALARS.has(name)) return inner;
  const values = isObject(inner) ? inner.values : undefined;
  if (name === 'arrayValue' && Array.isArray(values)) return values.map(plainValue);
  return name === 'kvlistValue' ? (plainAttributes(values) ?? value) : value;
}

/** Attributes: a list of `{key, value}` as OTLP writes them, or an object as SDK exporters do; undefined for other forms. */
function plainAttributes(value: unknown): JsonObject | undefined {
  if (isObject(value)) return value;
  if (!Array.isArray(value)) return undefined;
  const pairs: [string, unknown][] = [];
  for (const pair of value) {
    const isPair = isObject(pair) && typeof pair.key === 'string' && Object.keys(pair).length === 2 && 'value' in pair;
    if (!isPair) return undefined;
    pairs.push([String(pair.key), plainValue(pair.value)]);
  }
  const attributes = Object.fromEntries(pairs);
  // A key that is there twice would lose one of its values.
  return Object.keys(attributes).length === pairs.length ? attributes : undefined;
}

function plainResource(resource: unknown): unknown {
  if (!isObject(resource) || !('attributes' in resource)) return resource;
  return { ...resource, attributes: plainAttributes(resource.attributes) ?? resource.attributes };
}

/** The semantic conventions for an exception on a log record. */
function exceptionOf(attributes: JsonObject): Draft['error'] {
  const part = (name: string) => {
    const value = ownValue(attributes, `exception.${name}`);
    return typeof value === 'string' ? value : undefined;
  };
  const [type, message, stack] = [part('type'), part('message'), part('stacktrace')];
  if (type === undefined && message === undefined) return undefined;
  const error = { type: type ?? 'Error', message: message ?? '' };
  return stack === undefined ? error : { ...error, stack };
}

/** A body that is no text says what it says under the usual names, or has a name itself. */
function messageOf(said: unknown, record: JsonObject): unknown {
  if (typeof said === 'string' || said === undefined) return said;
  const named = isObject(said) ? readFields(said, { message: GENERIC.message }).message : undefined;
  return named ?? (readFields(record, { message: ['eventName', 'event_name'] }).message || said);
}

function read(object: JsonObject): Draft {
  const { body, attributes, resource, ...rest } = object;
  const own = plainAttributes(attributes);
  const origin = plainResource(resource);
  const said = plainValue(body);
  const level = levelOfSeverity(rest.severityNumber);
  const draft = readFields(rest, {
    time: ['timeUnixNano', 'timestamp', 'observedTimeUnixNano', 'observedTimestamp'],
    // The number decides; the text beside it, a name of the producer's own, then stays in the details.
    level: level === undefined ? ['severityText', 'severity_text'] : [],
    traceId: ['traceId', 'trace_id'],
    spanId: ['spanId', 'span_id'],
  });
  const extra: [string, unknown][] = [
    ['body', typeof said === 'string' ? undefined : said],
    ['attributes', own === undefined ? attributes : undefined],
    ['resource', origin],
  ];
  return {
    ...draft,
    level: level ?? draft.level,
    source: isObject(origin) && isObject(origin.attributes) ? ownValue(origin.attributes, 'service.name') : undefined,
    message: messageOf(said, rest),
    error: own === undefined ? undefined : exceptionOf(own),
    attributes: own,
    details: withRest(draft.details, Object.fromEntries(extra.filter(([, value]) => value !== undefined))),
  };
}

/** One log record of OTLP JSON, or of the JSON that SDK exporters print. Source: opentelemetry.proto.logs.v1. */
export const OTEL_FORMAT = {
  name: 'OpenTelemetry',
  recognises: (o) =>
    ownValue(o, 'severityNumber') !== undefined ||
    (ownValue(o, 'body') !== undefined &&
      (ownValue(o, 'timeUnixNano') ?? ownValue(o, 'observedTimeUnixNano')) !== undefined),
  read,
} as const satisfies Format;

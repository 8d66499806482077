import { type Draft, type Format, readFields, withRest } from './decode-fields.ts';
import { isObject, type JsonObject, ownValue } from './decode-json.ts';
import type { Level } from './levels.ts';

/** OpenTelemetry counts 1 to 24 in steps of four. Source: Logs Data Model, "SeverityNumber". */
const SEVERITIES: readonly Level[] = ['debug', 'debug', 'info', 'warning', 'error', 'critical'];

function levelOfSeverity(value: unknown): Level | undefined {
  const step = typeof value === 'number' ? Math.ceil(value / 4) - 1 : -1;
  return SEVERITIES[step];
}

/** `{stringValue: "x"}`, `{intValue: "7"}`, `{arrayValue: {values: […]}}`: an AnyValue of OTLP as plain JSON. */
function plainValue(value: unknown): unknown {
  if (!isObject(value)) return value;
  const [name, inner] = Object.entries(value)[0] ?? [];
  if (name === undefined || !name.endsWith('Value')) return value;
  if (!isObject(inner)) return inner;
  if (Array.isArray(inner.values) && name === 'arrayValue') return inner.values.map(plainValue);
  return name === 'kvlistValue' ? plainAttributes(inner.values) : inner;
}

/** OTLP writes attributes as a list of `{key, value}`, SDK exporters as an object. */
function plainAttributes(value: unknown): JsonObject {
  if (isObject(value)) return value;
  if (!Array.isArray(value)) return {};
  const pairs = value.filter(isObject).map((pair): [string, unknown] => [String(pair.key), plainValue(pair.value)]);
  return Object.fromEntries(pairs);
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

function read(object: JsonObject): Draft {
  const { body, attributes, resource, ...rest } = object;
  const own = plainAttributes(attributes);
  const ofResource = plainAttributes(isObject(resource) ? resource.attributes : undefined);
  const said = plainValue(body);
  const draft = readFields(rest, {
    time: ['timeUnixNano', 'timestamp', 'observedTimeUnixNano', 'observedTimestamp'],
    level: ['severityText', 'severity_text'],
    traceId: ['traceId', 'trace_id'],
    spanId: ['spanId', 'span_id'],
  });
  const extra: Record<string, unknown> = {};
  if (said !== undefined && typeof said !== 'string') extra.body = said;
  if (resource !== undefined) extra.resource = isObject(resource) ? { ...resource, attributes: ofResource } : resource;
  return {
    ...draft,
    level: levelOfSeverity(rest.severityNumber) ?? draft.level,
    source: ownValue(ofResource, 'service.name'),
    message: typeof said === 'string' ? said : undefined,
    error: exceptionOf(own),
    attributes: own,
    details: withRest(draft.details, extra),
  };
}

/** One log record of OTLP JSON, or of the JSON that SDK exporters print. Source: opentelemetry.proto.logs.v1. */
export const OTEL_FORMAT: Format = {
  name: 'opentelemetry',
  recognises: (o) =>
    ownValue(o, 'severityNumber') !== undefined ||
    (ownValue(o, 'body') !== undefined &&
      (ownValue(o, 'timeUnixNano') ?? ownValue(o, 'observedTimeUnixNano')) !== undefined),
  read,
};

import { isObject, type JsonObject, ownValue } from '../events/decode-json.ts';

const onlyHas = (object: JsonObject, ...keys: string[]) => Object.keys(object).every((key) => keys.includes(key));

/** A list of objects under a name; undefined for anything else. */
function objectsIn(object: JsonObject, name: string): JsonObject[] | undefined {
  const list = ownValue(object, name);
  return Array.isArray(list) && list.every(isObject) ? list : undefined;
}

/** Each of the parts opened, or undefined when one cannot be. */
function each(parts: readonly JsonObject[], open: (part: JsonObject) => JsonObject[] | undefined) {
  const opened = parts.map(open);
  return opened.every((records) => records !== undefined) ? opened.flat() : undefined;
}

/** The record with what its envelope says of all its records; undefined when it says the same itself. */
function carrying(record: JsonObject, carried: JsonObject): JsonObject | undefined {
  return Object.keys(carried).some((key) => Object.hasOwn(record, key)) ? undefined : { ...record, ...carried };
}

function openScope(scope: JsonObject, resource: JsonObject): JsonObject[] | undefined {
  const { logRecords: _, ...rest } = scope;
  const records = objectsIn(scope, 'logRecords');
  if (records === undefined || !onlyHas(rest, 'scope', 'schemaUrl')) return undefined;
  return each(records, (record) => {
    const whole = carrying(record, { ...resource, ...rest });
    return whole === undefined ? undefined : [whole];
  });
}

function openResource(entry: JsonObject): JsonObject[] | undefined {
  const { scopeLogs: _, schemaUrl, ...rest } = entry;
  const scopes = objectsIn(entry, 'scopeLogs');
  if (scopes === undefined || !onlyHas(rest, 'resource')) return undefined;
  const resource = schemaUrl === undefined ? rest : { ...rest, resourceSchemaUrl: schemaUrl };
  return each(scopes, (scope) => openScope(scope, resource));
}

/** Source: opentelemetry.proto.collector.logs.v1, ExportLogsServiceRequest, as JSON. */
function openRequest(request: JsonObject): JsonObject[] | undefined {
  const resources = objectsIn(request, 'resourceLogs');
  return resources === undefined || !onlyHas(request, 'resourceLogs') ? undefined : each(resources, openResource);
}

const QUOTE = 0x22;
const LETTER_R = 0x72;

/** `{"r`, or blanks after the brace: of other records two characters are looked at. */
function mayBeRequest(text: string): boolean {
  return text.charCodeAt(1) !== QUOTE || text.charCodeAt(2) === LETTER_R;
}

/**
 * The log records of a body of OTLP, each with the resource and the scope that it stood under; undefined for any other
 * JSON, also for a body that says something in a place of its own, since nothing may be lost.
 */
export function recordsInEnvelope(json: unknown, text: string): JsonObject[] | undefined {
  return mayBeRequest(text) && isObject(json) ? openRequest(json) : undefined;
}

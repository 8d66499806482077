import { isObject, type JsonObject, ownValue } from '../events/decode-json.ts';

/** One way of carrying many log records in a JSON object. */
interface Envelope {
  name: string;
  /** The letter that its first field begins with, so that of other records one character is looked at. */
  first: number;
  /** The records in it; undefined when it is not of exactly this form, and then nothing is taken out of it. */
  open: (object: JsonObject) => JsonObject[] | undefined;
}

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
const OTLP: Envelope = {
  name: 'OTLP',
  first: 'r'.charCodeAt(0),
  open: (object) => {
    const resources = objectsIn(object, 'resourceLogs');
    return resources === undefined || !onlyHas(object, 'resourceLogs') ? undefined : each(resources, openResource);
  },
};

const ENVELOPES: readonly Envelope[] = [OTLP];

const QUOTE = 0x22;

/** The records that a JSON object carries, one for each event; undefined when it is an event itself. */
export function recordsInEnvelope(json: unknown, text: string): JsonObject[] | undefined {
  // Blanks before the first name: only the whole look can tell.
  const isTight = text.charCodeAt(1) === QUOTE;
  const first = text.charCodeAt(2);
  for (const envelope of ENVELOPES) {
    if (isTight && envelope.first !== first) continue;
    const records = isObject(json) ? envelope.open(json) : undefined;
    if (records !== undefined) return records;
  }
  return undefined;
}

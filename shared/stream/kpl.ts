/** The first bytes of a record that the Kinesis Producer Library aggregated. Source: KPL, "aggregation-format.md". */
const MAGIC = Uint8Array.of(0xf3, 0x89, 0x9a, 0xc2);
const DIGEST_BYTES = 16;

const PARTITION_KEY = 1;
const EXPLICIT_HASH_KEY = 2;
const RECORD = 3;
const WIRE_VARINT = 0;
const WIRE_FIXED64 = 1;
const WIRE_BYTES = 2;
const WIRE_FIXED32 = 5;

/** What an aggregate holds, or why it cannot be read. */
export type Aggregate = { ok: true; records: Uint8Array[] } | { ok: false; reason: string };

export function hasAggregateMagic(data: Uint8Array): boolean {
  return data[0] === MAGIC[0] && MAGIC.every((byte, index) => data[index] === byte);
}

/** Whether the record is an aggregate: magic and checksum both hold. With a bad checksum it is a plain record. */
export function isAggregate(data: Uint8Array): boolean {
  if (!hasAggregateMagic(data) || data.length < MAGIC.length + DIGEST_BYTES) return false;
  const body = data.subarray(MAGIC.length, data.length - DIGEST_BYTES);
  // Loaded with the first aggregate: it takes longer than all of this file.
  const { createHash } = process.getBuiltinModule('node:crypto');
  return createHash('md5')
    .update(body)
    .digest()
    .equals(data.subarray(data.length - DIGEST_BYTES));
}

interface Field {
  number: number;
  /** The value of a number field. */
  value: number;
  /** The content of a bytes field, empty otherwise. */
  bytes: Uint8Array;
  /** Where the next field begins. */
  next: number;
}

/** Reads a protobuf varint up to 2^53; undefined when it is longer or runs over the end. */
function readVarint(data: Uint8Array, start: number): { value: number; next: number } | undefined {
  let value = 0;
  let scale = 1;
  for (let at = start; at < data.length && at < start + 8; at++) {
    const byte = data[at] ?? 0;
    value += (byte & 0x7f) * scale;
    if (byte < 0x80) return { value, next: at + 1 };
    scale *= 0x80;
  }
  return undefined;
}

const NO_BYTES = new Uint8Array(0);

function readField(data: Uint8Array, start: number): Field | undefined {
  const tag = readVarint(data, start);
  if (tag === undefined) return undefined;
  const number = Math.floor(tag.value / 8);
  const wire = tag.value % 8;
  if (wire === WIRE_VARINT || wire === WIRE_BYTES) {
    const varint = readVarint(data, tag.next);
    if (varint === undefined) return undefined;
    if (wire === WIRE_VARINT) return { number, value: varint.value, bytes: NO_BYTES, next: varint.next };
    const end = varint.next + varint.value;
    // A length over the end: never allocate by it, never wrap around.
    if (end > data.length) return undefined;
    return { number, value: 0, bytes: data.subarray(varint.next, end), next: end };
  }
  const skip = { [WIRE_FIXED64]: 8, [WIRE_FIXED32]: 4 }[wire];
  if (skip === undefined || tag.next + skip > data.length) return undefined;
  return { number, value: 0, bytes: NO_BYTES, next: tag.next + skip };
}

/** All fields of a message; undefined when one of them is broken. */
function readFields(data: Uint8Array): Field[] | undefined {
  const fields: Field[] = [];
  for (let at = 0; at < data.length; ) {
    const field = readField(data, at);
    if (field === undefined) return undefined;
    fields.push(field);
    at = field.next;
  }
  return fields;
}

interface Tables {
  partitionKeys: number;
  explicitHashKeys: number;
}

/** The data of one user record; a text says what is wrong with it. */
function readRecord(bytes: Uint8Array, tables: Tables): Uint8Array | string {
  const fields = readFields(bytes);
  if (fields === undefined) return 'broken protobuf in a user record';
  const last = (number: number) => fields.findLast((field) => field.number === number);
  const key = last(PARTITION_KEY);
  const hashKey = last(EXPLICIT_HASH_KEY);
  const data = last(RECORD);
  if (key === undefined || data === undefined) return 'a user record without partition key or data';
  if (key.value >= tables.partitionKeys) return `partition key index ${key.value} of ${tables.partitionKeys}`;
  if (hashKey !== undefined && hashKey.value >= tables.explicitHashKeys) {
    return `explicit hash key index ${hashKey.value} of ${tables.explicitHashKeys}`;
  }
  return data.bytes;
}

/**
 * Reads the user records of an aggregate, as views into `data`. Call it only where `isAggregate` holds. Message
 * AggregatedRecord: 1 partition keys, 2 explicit hash keys, 3 records; message Record: 1 and 2 indices, 3 data, 4 tags.
 */
export function readAggregate(data: Uint8Array): Aggregate {
  const fields = readFields(data.subarray(MAGIC.length, data.length - DIGEST_BYTES));
  if (fields === undefined) return { ok: false, reason: 'broken protobuf in an aggregate' };
  const count = (number: number) => fields.filter((field) => field.number === number).length;
  const tables: Tables = { partitionKeys: count(PARTITION_KEY), explicitHashKeys: count(EXPLICIT_HASH_KEY) };
  const records: Uint8Array[] = [];
  for (const field of fields.filter((each) => each.number === RECORD)) {
    const record = readRecord(field.bytes, tables);
    if (typeof record === 'string') return { ok: false, reason: record };
    records.push(record);
  }
  return { ok: true, records };
}

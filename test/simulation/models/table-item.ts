import type { Item } from '../../../shared/stream/ports.ts';

/** A deep copy of plain values and bytes; what is undefined is left out, as marshalling does. */
export function copyItem<T extends object>(item: T): T {
  return copyObject(item as Readonly<Record<string, unknown>>) as T;
}

function copyObject(object: Readonly<Record<string, unknown>>): Record<string, unknown> {
  // Most of a run's time goes by here: an object is copied as a whole far faster than field by field.
  const copy: Record<string, unknown> = { ...object };
  for (const name of Object.keys(copy)) {
    const value = copy[name];
    if (value === undefined) return copyDefined(object);
    if (typeof value === 'object' && value !== null) copy[name] = copyValue(value);
  }
  return copy;
}

function copyDefined(object: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const copy: Record<string, unknown> = {};
  for (const name of Object.keys(object)) {
    const value = object[name];
    if (value !== undefined) copy[name] = copyValue(value);
  }
  return copy;
}

function copyValue(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Uint8Array) return value.slice();
  return Array.isArray(value) ? value.map(copyValue) : copyObject(value as Record<string, unknown>);
}

/** No less than `itemBytes`, and found without looking at any text. */
export function mostBytes(item: Item): number {
  let bytes = 0;
  for (const name of Object.keys(item)) bytes += name.length * 3 + 1 + mostOfValue(item[name]);
  return bytes;
}

function mostOfValue(value: unknown): number {
  if (typeof value === 'string') return value.length * 3;
  if (typeof value !== 'object' || value === null) return 16;
  if (value instanceof Uint8Array) return value.byteLength;
  if (!Array.isArray(value)) return mostBytes(value as Record<string, unknown>) + 3;
  let bytes = 3;
  for (const entry of value) bytes += mostOfValue(entry) + 1;
  return bytes;
}

/** What DynamoDB counts: names and values in UTF-8, 3 bytes for a list or map and 1 for each entry. */
export function itemBytes(item: Item): number {
  return fieldBytes(item, 0);
}

function fieldBytes(object: Readonly<Record<string, unknown>>, perEntry: number): number {
  let bytes = 0;
  for (const name of Object.keys(object)) {
    const value = object[name];
    if (value !== undefined) bytes += Buffer.byteLength(name) + valueBytes(value) + perEntry;
  }
  return bytes;
}

function valueBytes(value: unknown): number {
  if (typeof value === 'string') return Buffer.byteLength(value);
  if (typeof value === 'number') return Math.ceil(String(value).length / 2) + 1;
  if (typeof value !== 'object' || value === null) return 1;
  if (value instanceof Uint8Array) return value.byteLength;
  if (Array.isArray(value)) return value.reduce<number>((sum, entry) => sum + valueBytes(entry) + 1, 3);
  return fieldBytes(value as Record<string, unknown>, 1) + 3;
}

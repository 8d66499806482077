import type { Item } from '../../../shared/stream/ports.ts';

/** A deep copy of plain values and bytes; what is undefined is left out, as marshalling does. */
export function copyItem(item: Item): Item {
  return copyObject(item);
}

function copyObject(object: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const copy: Record<string, unknown> = {};
  // Most of a run's time goes by here, and entries would be made for it.
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

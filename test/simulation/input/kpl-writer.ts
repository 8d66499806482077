import { createHash } from 'node:crypto';

const MAGIC = Uint8Array.of(0xf3, 0x89, 0x9a, 0xc2);

function varint(value: number): Uint8Array {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes.push((rest % 0x80) | 0x80);
  bytes.push(rest);
  return Uint8Array.from(bytes);
}

function field(number: number, bytes: Uint8Array): Uint8Array {
  return Buffer.concat([varint(number * 8 + 2), varint(bytes.byteLength), bytes]);
}

/** An aggregate as the Kinesis Producer Library writes it. `keyIndex` over 0 is out of its table. Source: FACTS.md. */
export function aggregateOf(records: readonly Uint8Array[], { keyIndex = 0 } = {}): Uint8Array {
  const parts = [field(1, Buffer.from('key'))];
  for (const data of records) {
    parts.push(field(3, Buffer.concat([varint(1 * 8), varint(keyIndex), field(3, data)])));
  }
  const body = Buffer.concat(parts);
  return Buffer.concat([MAGIC, body, createHash('md5').update(body).digest()]);
}

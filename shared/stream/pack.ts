import type { LogEvent } from '../events/event.ts';

/** PutRecords is billed in payload units of 25 KB, so a record is filled to just under one. */
export const PAYLOAD_UNIT_BYTES = 25_000;

const encoder = new TextEncoder();
const NEWLINE = 0x0a;

/**
 * Packs events, in order, into NDJSON records of at most `maxBytes`. An event that is larger alone gets a record of
 * its own. The inverse of `unpackRecord`.
 */
export function packEvents(events: readonly LogEvent[], { maxBytes = PAYLOAD_UNIT_BYTES } = {}): Uint8Array[] {
  return packLines(
    events.map((event) => encoder.encode(JSON.stringify(event))),
    maxBytes,
  );
}

/** Joins lines with newlines into blocks of at most `maxBytes`, a newline after each line. */
export function packLines(lines: readonly Uint8Array[], maxBytes: number): Uint8Array[] {
  const blocks: Uint8Array[] = [];
  let start = 0;
  let bytes = 0;
  for (const [index, line] of lines.entries()) {
    if (index > start && bytes + line.byteLength + 1 > maxBytes) {
      blocks.push(joinLines(lines.slice(start, index), bytes));
      start = index;
      bytes = 0;
    }
    bytes += line.byteLength + 1;
  }
  if (start < lines.length) blocks.push(joinLines(lines.slice(start), bytes));
  return blocks;
}

function joinLines(lines: readonly Uint8Array[], bytes: number): Uint8Array {
  const block = new Uint8Array(bytes);
  let offset = 0;
  for (const line of lines) {
    block.set(line, offset);
    offset += line.byteLength;
    block[offset++] = NEWLINE;
  }
  return block;
}

/** One line of a file, without its ending. */
export interface Line {
  bytes: Buffer;
  /** Bytes of the line that were let go because it was too long; 0 as a rule. */
  lost: number;
}

/** What of one line is held in memory. An event keeps at most 256 KiB of it. */
const MAX_LINE_BYTES = 4 * 1024 * 1024;
const LF = 0x0a;
const CR = 0x0d;
const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf]);

/** Splits a stream into lines: ends with LF or CRLF, or with the stream. Holds one line and one chunk at a time. */
export async function* readLines(chunks: AsyncIterable<Uint8Array>, maxBytes = MAX_LINE_BYTES): AsyncGenerator<Line> {
  let parts: Buffer[] = [];
  let held = 0;
  let lost = 0;
  let isFirst = true;
  const take = (part: Buffer) => {
    const kept = part.subarray(0, Math.max(0, maxBytes - held));
    if (kept.length > 0) parts.push(kept);
    held += kept.length;
    lost += part.length - kept.length;
  };
  const finish = (): Line => {
    const line = { bytes: trimmed(Buffer.concat(parts), isFirst), lost };
    [parts, held, lost, isFirst] = [[], 0, 0, false];
    return line;
  };
  for await (const chunk of chunks) {
    const buffer = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    let start = 0;
    for (let end = buffer.indexOf(LF); end !== -1; end = buffer.indexOf(LF, start)) {
      take(buffer.subarray(start, end));
      yield finish();
      start = end + 1;
    }
    // Copied: the source may use its chunk again.
    take(Buffer.from(buffer.subarray(start)));
  }
  if (held > 0) yield finish();
}

function trimmed(line: Buffer, isFirst: boolean): Buffer {
  const start = isFirst && line.subarray(0, 3).equals(BYTE_ORDER_MARK) ? 3 : 0;
  return line.subarray(start, line.at(-1) === CR ? -1 : undefined);
}

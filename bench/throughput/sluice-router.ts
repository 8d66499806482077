import { isAscii } from 'node:buffer';
import { closeSync, openSync, writeSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { decodeEvent, type Payload } from '../../shared/events/decode.ts';
import { LEVELS, type Level } from '../../shared/events/levels.ts';
import { RecentIds } from './recent-ids.ts';

/**
 * One process: NDJSON over TCP, each line decoded and checked by the product, a repeated id dropped, the line written to
 * the file of its level. `node sluice-router.ts PORT FOLDER`; ends when its standard input does.
 */
const [port, folder = '.'] = process.argv.slice(2);
const FLUSH_BYTES = 256 * 1_024;
const files = new Map(LEVELS.map((level) => [level, openSync(join(folder, `${level}.log`), 'a')]));
const waiting = new Map<Level, string[]>(LEVELS.map((level) => [level, []]));
const recent = new RecentIds();
let bytes = 0;

function payloadOf(text: string): Payload {
  try {
    return { json: JSON.parse(text), text };
  } catch {
    return { text };
  }
}

function takeLine(text: string, arrivedAt: number, place: number): void {
  const { id, level } = decodeEvent(payloadOf(text), { id: `line#${place}`, arrivedAt, source: 'unknown' });
  if (recent.isRepeat(id)) return;
  waiting.get(level)?.push(text);
  bytes += text.length;
}

function flush(): void {
  for (const [level, lines] of waiting) {
    if (lines.length > 0) writeSync(files.get(level) as number, `${lines.join('\n')}\n`);
    lines.length = 0;
  }
  bytes = 0;
}

let place = 0;
const NEWLINE = 0x0a;

function takeBlock(block: Buffer): void {
  const text = isAscii(block) ? block.toString('latin1') : block.toString('utf8');
  const arrivedAt = Date.now();
  let start = 0;
  for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', start)) {
    if (end > start) takeLine(text.slice(start, end), arrivedAt, place++);
    start = end + 1;
  }
  if (bytes > FLUSH_BYTES) flush();
}

createServer((socket) => {
  let rest: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => {
    const end = chunk.lastIndexOf(NEWLINE) + 1;
    if (end === 0) {
      rest.push(chunk);
      return;
    }
    takeBlock(rest.length === 0 ? chunk.subarray(0, end) : Buffer.concat([...rest, chunk.subarray(0, end)]));
    rest = end < chunk.length ? [Buffer.from(chunk.subarray(end))] : [];
  });
  socket.on('end', flush);
}).listen(Number(port), '127.0.0.1');

process.stdin.on('end', () => {
  flush();
  for (const file of files.values()) closeSync(file);
  process.exit(0);
});
process.stdin.resume();

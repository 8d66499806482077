import { gzipSync } from 'node:zlib';

/** What nobody should put on a stream, and somebody does. Each takes its place among 49 ordinary records: 2 %. */
const HOSTILE: readonly (string | Uint8Array)[] = [
  new Uint8Array([0xff, 0xfe, 0xfd, 0x00]),
  '{"v":1,"id":"broken","type":"log","time":"2026-',
  '{"__proto__":{"polluted":true},"level":"error","message":"hello"}',
  gzipSync(Buffer.alloc(1_048_576, 0x20)),
  '',
  '[1,null,"x",{"level":"loud"}]',
  `{"level":"warn","msg":"\\u0000 and \\ud800","details":${'['.repeat(2_000)}${']'.repeat(2_000)}}`,
  'ERROR plain text, {not json} "at all',
  new Uint8Array([0x1f, 0x8b, 0x08, 0x00, 0x01, 0x02]),
  `{"v":1,"id":"x","level":"error","source":"s","message":"${'a'.repeat(70_000)}"}`,
];

/** The nth of them, from the first again when all were used. */
export function hostileRecord(n: number): string | Uint8Array {
  return HOSTILE[n % HOSTILE.length] as string | Uint8Array;
}

/** So many ordinary records for a hostile one. */
const ORDINARY = 49;

/** Every 50th record is a hostile one: 2 %. */
export function withHostile(records: readonly (string | Uint8Array)[]): (string | Uint8Array)[] {
  return records.map((record, index) => (index % 50 === 25 ? hostileRecord(Math.floor(index / 50)) : record));
}

/** Puts a hostile record after each 49 of what comes in parts, however small these are: none of what came is left out. */
export class HostileMixture {
  #ordinary = 0;

  mix(records: readonly Uint8Array[]): (string | Uint8Array)[] {
    return records.flatMap((record) => {
      this.#ordinary += 1;
      const isDue = this.#ordinary % ORDINARY === 0;
      return isDue ? [record, hostileRecord(this.#ordinary / ORDINARY - 1)] : [record];
    });
  }
}

/** Messages that are long, or made to send a scanner back and forth. */
const HOSTILE_MESSAGES: readonly string[] = [
  '"'.repeat(5_000),
  'a.'.repeat(5_000),
  '<*>'.repeat(2_000),
  `${'1:'.repeat(4_000)}x`,
  '\u0000\ud800 '.repeat(1_500),
  '/a'.repeat(5_000),
];

/** Every 50th message is a hostile one: 2 %. */
export function withHostileMessages(messages: readonly string[]): string[] {
  return messages.map((message, index) => (index % 50 === 25 ? hostileMessage(Math.floor(index / 50)) : message));
}

/** The nth of them, from the first again when all were used. */
export function hostileMessage(n: number): string {
  return HOSTILE_MESSAGES[n % HOSTILE_MESSAGES.length] as string;
}

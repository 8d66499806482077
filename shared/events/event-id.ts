/** Multipliers of the two lanes and of the final mixing: golden ratio primes of xxHash and murmur3. Never change them. */
const LANE_A = 0x9e3779b1;
const LANE_B = 0x5f356495;
const MIX_A = 0x85ebca6b;
const MIX_B = 0xc2b2ae35;

/**
 * A 53-bit hash of an event id as a safe integer, for rings of recent ids. Not cryptographic: who can choose ids can
 * make two collide, and then loses one of their own events. The value is stored, so the function is permanent; golden
 * values in its test hold it. By the birthday bound a million ids collide with a chance of 6 in 100,000.
 */
export function eventIdHash(id: string): number {
  let a = 0xdeadbeef ^ id.length;
  let b = 0x41c6ce57 ^ id.length;
  for (let i = 0; i < id.length; i += 2) {
    // Two UTF-16 units a step. Past the end charCodeAt is NaN, which counts as 0; the length tells the two apart.
    const word = id.charCodeAt(i) | (id.charCodeAt(i + 1) << 16);
    a = Math.imul(a ^ word, LANE_A);
    a = (a << 13) | (a >>> 19);
    b = Math.imul(b ^ word, LANE_B);
    b = (b << 15) | (b >>> 17);
  }
  const high = Math.imul(b ^ (b >>> 16), MIX_A) ^ Math.imul(a ^ (a >>> 13), MIX_B);
  const low = Math.imul(a ^ (a >>> 16), MIX_A) ^ Math.imul(b ^ (b >>> 13), MIX_B);
  return (high & 0x1fffff) * 0x1_0000_0000 + (low >>> 0);
}

/** Answers that many random bytes, as `crypto.randomBytes` does. */
export type RandomBytes = (size: number) => Uint8Array;

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));
const hex = (byte: number | undefined) => HEX[(byte ?? 0) & 0xff] as string;

/** The first 32 bits of a UUID change every 65 seconds, so their text is kept. */
let lastHigh = -1;
let highText = '';

/**
 * A UUID version 7 of a millisecond, a 12-bit counter and eight random bytes, those from `at` on. Written out, since every
 * event has one. Source: RFC 9562, section 5.7.
 */
function uuidV7(milliseconds: number, counter: number, { random, at }: { random: Uint8Array; at: number }): string {
  const high = Math.floor(milliseconds / 0x1_0000);
  if (high !== lastHigh) {
    lastHigh = high;
    highText = (high >>> 0).toString(16).padStart(8, '0');
  }
  const low = milliseconds % 0x1_0000;
  const variant = hex(0x80 | ((random[at] ?? 0) & 0x3f));
  const tail = hex(random[at + 2]) + hex(random[at + 3]) + hex(random[at + 4]) + hex(random[at + 5]);
  return `${highText}-${hex(low >>> 8)}${hex(low)}-${hex(0x70 | (counter >>> 8))}${hex(counter)}-${variant}${hex(random[at + 1])}-${tail}${hex(random[at + 6])}${hex(random[at + 7])}`;
}

/** The id of a new event: a UUIDv7 of `now`, milliseconds since 1970. Ids of one millisecond have no order. */
export function newEventId(now: number, random: RandomBytes): string {
  const bytes = random(10);
  return uuidV7(now, (((bytes[8] ?? 0) << 8) | (bytes[9] ?? 0)) & 0xfff, { random: bytes, at: 0 });
}

const LAST_COUNTER = 0xfff;
const BYTES_AN_ID = 8;
/** Asked for at once: to ask for eight at a time costs more than all the rest of an id. */
const POOL_BYTES = 4_096;

/**
 * A maker of ids that only ever go up, also within a millisecond and when the clock goes back: a counter in the twelve
 * bits after the time; when it is full the next millisecond is used early. Source: RFC 9562, section 6.2, method 1.
 */
export function eventIdSequence(random: RandomBytes): (now: number) => string {
  let last = -1;
  let counter = 0;
  let pool = new Uint8Array();
  let at = 0;
  return (now) => {
    if (now > last) {
      last = now;
      counter = 0;
    } else if (counter < LAST_COUNTER) {
      counter++;
    } else {
      last++;
      counter = 0;
    }
    at += BYTES_AN_ID;
    if (at + BYTES_AN_ID > pool.length) {
      pool = new Uint8Array(random(POOL_BYTES));
      at = 0;
    }
    return uuidV7(last, counter, { random: pool, at });
  };
}

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
/** Where a dash stands before the byte. Source: RFC 9562, section 4. */
const DASH_BEFORE = new Set([4, 6, 8, 10]);

function uuidText(bytes: Uint8Array): string {
  let text = '';
  for (let i = 0; i < 16; i++) text += (DASH_BEFORE.has(i) ? '-' : '') + HEX[bytes[i] ?? 0];
  return text;
}

/** A UUID version 7 of a millisecond, a 12-bit counter and eight random bytes. Source: RFC 9562, section 5.7. */
function uuidV7(milliseconds: number, counter: number, random: Uint8Array): string {
  const bytes = new Uint8Array(16);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, Math.floor(milliseconds / 0x1_0000));
  view.setUint16(4, milliseconds % 0x1_0000);
  view.setUint16(6, 0x7000 | counter);
  bytes.set(random.subarray(0, 8), 8);
  view.setUint8(8, 0x80 | (view.getUint8(8) & 0x3f));
  return uuidText(bytes);
}

/** The id of a new event: a UUIDv7 of `now`, milliseconds since 1970. Ids of one millisecond have no order. */
export function newEventId(now: number, random: RandomBytes): string {
  const bytes = random(10);
  return uuidV7(now, (((bytes[8] ?? 0) << 8) | (bytes[9] ?? 0)) & 0xfff, bytes);
}

const LAST_COUNTER = 0xfff;

/**
 * A maker of ids that only ever go up, also within a millisecond and when the clock goes back: a counter in the twelve
 * bits after the time; when it is full the next millisecond is used early. Source: RFC 9562, section 6.2, method 1.
 */
export function eventIdSequence(random: RandomBytes): (now: number) => string {
  let last = -1;
  let counter = 0;
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
    return uuidV7(last, counter, random(8));
  };
}

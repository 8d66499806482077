/** A log that nobody has seen before: drawn from a seed, with what real logs have and what hostile ones have. */
export interface UnseenLog {
  bytes: Buffer;
  /** Lines that are events: all but the blank ones. */
  events: number;
  /** Events of category error, by what is the same in them. */
  errors: Map<string, number>;
}

const BASE = 36;

function generator(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

type Draw = (below: number) => number;

const wordFrom = (draw: Draw) => `x${Array.from({ length: 6 }, () => 'abcdefghijklmnop'[draw(16)]).join('')}`;

/** Lines that are no errors, by kind: what the decoder and the command line must get through. */
const OTHER_LINES: readonly ((draw: Draw, stamp: string) => Buffer)[] = [
  (draw) =>
    Buffer.from(`{"level":40,"time":${1_700_000_000_000 + draw(9e6)},"msg":"slow ${draw(900)}","pid":${draw(9000)}}`),
  (draw) => Buffer.concat([Buffer.from('not UTF-8: '), Buffer.from([0xff, 0xfe, 0xc3, 128 + draw(100)])]),
  (draw) => Buffer.from(`\u001b[31mcolour\u001b[0m \u202e reversed \u2028 ${wordFrom(draw)} {"__proto__":{"a":1}}`),
  (draw, stamp) => (draw(20) === 0 ? Buffer.from(`long ${'y'.repeat(70_000)}`) : request(draw, stamp)),
  request,
  request,
  request,
];

function request(draw: Draw, stamp: string): Buffer {
  return Buffer.from(`${stamp} INFO request ${draw(1e9).toString(BASE)} took ${draw(800)} ms`);
}

/** Errors whose wording is drawn from the seed; what varies in each are times, numbers and addresses. */
export function unseenLog(seed: number, lines: number): UnseenLog {
  const draw = generator(seed);
  const failures = Array.from({ length: 7 }, () => `${wordFrom(draw)} ${wordFrom(draw)} refused by ${wordFrom(draw)}`);
  const errors = new Map<string, number>();
  const parts: Buffer[] = [];
  for (let line = 0; line < lines; line++) {
    const stamp = new Date(Date.UTC(2026, 0, 1 + draw(300), draw(24), draw(60), draw(60))).toISOString();
    if (draw(4) === 0) {
      const failure = `${draw(3) === 0 ? 'FATAL' : 'ERROR'} ${failures[draw(failures.length)]}`;
      const address = `10.0.${draw(250)}.${draw(250)}:${1024 + draw(9000)}`;
      parts.push(Buffer.from(`${stamp} ${failure} after ${draw(9_000)} ms from ${address}`));
      errors.set(failure, (errors.get(failure) ?? 0) + 1);
    } else parts.push(OTHER_LINES[draw(OTHER_LINES.length)]?.(draw, stamp) ?? Buffer.alloc(0));
    if (draw(25) === 0) parts.push(Buffer.from(draw(2) === 0 ? '' : '   '));
  }
  return { bytes: Buffer.concat(parts.flatMap((part) => [part, Buffer.from('\n')])), events: lines, errors };
}

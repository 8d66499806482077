import type { Clock, SendFailure } from '../stream/ports.ts';

/** What a receiver over HTTP made of one request. */
export interface Answer {
  /**
   * `refused`: what the request holds is the fault. `failed`: what it holds may be, or that the receiver is down.
   * `unreachable`: no other request would be taken now.
   */
  outcome: 'taken' | 'refused' | 'failed' | 'unreachable';
  /** Without the address, which may be a secret. */
  reason: string;
}

interface PostOptions<T> {
  post(part: readonly T[]): Promise<Answer>;
  /** Items in one request. */
  most: number;
  /** Milliseconds after which no request begins. */
  patience: number;
  clock: Pick<Clock, 'now' | 'random'>;
}

const LATE: Answer = { outcome: 'unreachable', reason: 'out-of-time: the requests before took too long' };
/** A receiver that fails so often in a row is down. */
const MOST_FAILURES = 2;

/**
 * Posts everything in as few requests as `most` allows, and answers what was not taken, in order. A part that is refused
 * is halved until the item that is the fault stands alone: it holds up no other. Halves have their turn after all other
 * parts. Where a part may have failed for what it holds, one of it goes first, any one: when that fails too, the rest waits.
 */
export async function postParts<T>(items: readonly T[], options: PostOptions<T>): Promise<SendFailure[]> {
  const ask = whileItAnswers(options);
  const parts = cut([...items.entries()], options.most);
  const unsent: SendFailure[] = [];
  for (let part = parts.shift(); part !== undefined; part = parts.shift()) {
    const { outcome, reason } = await ask(part.map(([, item]) => item));
    if (outcome === 'taken') continue;
    if (outcome === 'unreachable' || part.length === 1) unsent.push(...part.map(([index]) => ({ index, reason })));
    else {
      if (outcome === 'failed') parts.unshift(part.splice(Math.floor(options.clock.random() * part.length), 1));
      parts.push(...cut(part, Math.ceil(part.length / 2)));
    }
  }
  return unsent.sort((a, b) => a.index - b.index);
}

/** Posts until the receiver is down or the time is over; from then on every part gets that answer. */
function whileItAnswers<T>({ post, patience, clock }: PostOptions<T>): (part: readonly T[]) => Promise<Answer> {
  const end = clock.now() + patience;
  let failures = 0;
  let down: Answer | undefined;
  return async (part) => {
    if (clock.now() >= end) down ??= LATE;
    if (down !== undefined) return down;
    const answer = await post(part);
    failures = answer.outcome === 'failed' ? failures + 1 : 0;
    if (answer.outcome === 'unreachable' || failures >= MOST_FAILURES) down = { ...answer, outcome: 'unreachable' };
    return down ?? answer;
  };
}

function cut<T>(items: readonly T[], most: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / most) }, (_, n) => items.slice(n * most, (n + 1) * most));
}

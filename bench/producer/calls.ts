import type { LogEvent } from '../../shared/events/event.ts';
import type { Level } from '../../shared/events/levels.ts';
import { eventTexts, SMALL_BYTES } from '../input/events.ts';
import { hostileMessage } from '../input/hostile.ts';

/** What an application says in one call. */
export interface Call {
  level: Level;
  message: string;
  fields: Record<string, unknown> | undefined;
}

/** The calls behind ordinary events of 275 bytes. */
export function callsOf(count: number, realLines: readonly string[]): Call[] {
  return eventTexts({ count, bytes: SMALL_BYTES, realLines }).map((text) => {
    const { level, message, details } = JSON.parse(text) as LogEvent;
    return { level, message, fields: details as Record<string, unknown> | undefined };
  });
}

/** What nobody should log, and somebody does. */
function hostileFields(): readonly Record<string, unknown>[] {
  const circle: Record<string, unknown> = {};
  circle.self = circle;
  const deep = Array.from({ length: 2_000 }).reduce<unknown>((inner) => [inner], 'deep');
  const throwing = Object.defineProperty({}, 'name', {
    enumerable: true,
    get: () => {
      throw new TypeError('no name');
    },
  });
  return [circle, { deep }, throwing, { big: 2n ** 70n, no: Symbol('no') }, { text: 'a'.repeat(300_000) }];
}

/** Every 50th call has a hostile message or fields: 2 %. */
export function withHostileCalls(calls: readonly Call[]): Call[] {
  const hostile = hostileFields();
  return calls.map((call, index) => {
    if (index % 50 !== 25) return call;
    const n = Math.floor(index / 50);
    return n % 2 === 0
      ? { ...call, message: hostileMessage(n / 2) }
      : { ...call, fields: hostile[(n >> 1) % hostile.length] };
  });
}

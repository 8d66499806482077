import type { LogEvent } from '../../shared/events/event.ts';
import type { Level } from '../../shared/events/levels.ts';
import { eventTexts, SMALL_BYTES } from '../input/events.ts';

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

import type { Logger } from '../client/index.ts';
import { LEVELS } from '../shared/events/levels.ts';

/** A logger that keeps what is logged, as lines of text in order, and sends nothing. */
export function keptLog(): { lines: string[]; log: Logger } {
  const lines: string[] = [];
  const calls = LEVELS.map((level) => [
    level,
    (locator: string, message: string) => lines.push(`${level} ${locator} ${message}`),
  ]);
  return { lines, log: Object.fromEntries(calls) as Logger };
}

import { textFormatOf } from '../events/decode-formats.ts';

/**
 * Splits a text of several lines into events. When its first line begins an event of a known form, each line that begins
 * one of the same form begins the next event, and the lines between, such as a trace, belong to the one before. Any other
 * text is one event. Undefined when there are more than `maxEvents`.
 */
export function textEvents(text: string, maxEvents: number): string[] | undefined {
  const newline = text.indexOf('\n');
  if (newline < 0) return [text];
  const format = textFormatOf(text.slice(0, newline));
  if (format === undefined) return [text];
  const events: string[] = [];
  let start = 0;
  for (let end = newline; end >= 0; ) {
    const next = text.indexOf('\n', end + 1);
    const line = text.slice(end + 1, next < 0 ? text.length : next);
    if (format.begins(line)) {
      if (events.length + 1 >= maxEvents) return undefined;
      events.push(text.slice(start, end).trimEnd());
      start = end + 1;
    }
    end = next;
  }
  return [...events, text.slice(start)];
}

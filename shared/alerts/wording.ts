/** Text of others on its way to people: a log line is hostile input. */

/** What acts instead of being shown: control and format characters, separators, marks that turn the direction of writing. */
const ACTIVE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]+/gu;
const ACTIVE_BUT_LINES = /[^\P{Cc}\n]+|[\p{Cf}\p{Zl}\p{Zp}\p{Cs}]+/gu;

/** One line of at most so many characters, an ellipsis included; whatever is active becomes a space. */
export function cleanLine(text: string, most: number): string {
  return cut(bounded(text, most).replace(ACTIVE, ' ').replace(/ {2,}/g, ' ').trim(), most);
}

/** The same with its line breaks. */
export function cleanLines(text: string, most: number): string {
  const lines = bounded(text, most).replace(/\r\n?/g, '\n').replace(ACTIVE_BUT_LINES, ' ');
  return cut(lines.replace(/\n{3,}/g, '\n\n').trim(), most);
}

/**
 * JSON in which whatever is active is escaped by JSON's own means: any reader gets the same value, and who is shown the JSON
 * itself, in a terminal or in an email of SNS, sees text that does nothing. JSON alone escapes only some control characters.
 * One line, or with `indent` spaces for each step inwards many: the only line feeds in JSON are those between its parts.
 */
export function inertJson(value: unknown, indent?: number): string {
  const json = JSON.stringify(value, null, indent);
  return json.replace(ACTIVE_BUT_LINES, (characters) => Array.from(characters, escaped).join(''));
}

function escaped(character: string): string {
  return Array.from(
    { length: character.length },
    (_, place) => `\\u${character.charCodeAt(place).toString(16).padStart(4, '0')}`,
  ).join('');
}

/** A megabyte is not looked at to its end for a line of it. */
function bounded(text: string, most: number): string {
  return text.slice(0, 16 * most + 1_024);
}

function cut(text: string, most: number): string {
  if (text.length <= most) return text;
  const characters = [...text];
  return characters.length <= most
    ? text
    : `${characters
        .slice(0, most - 1)
        .join('')
        .trimEnd()}…`;
}

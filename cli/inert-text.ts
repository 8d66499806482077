/**
 * What a terminal acts upon, or what makes text look like other text: control characters of both sets (ANSI escapes
 * begin with one), line and paragraph separators, marks that turn the direction of writing, zero-width characters, the
 * byte order mark, tags, lone surrogates. Source: Unicode, general categories Cc, Cf, Zl, Zp, Cs.
 */
const ACTIVE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

const SHORT: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

function escaped(character: string): string {
  const short = SHORT[character];
  if (short !== undefined) return short;
  const code = character.codePointAt(0) ?? 0;
  return code > 0xffff ? `\\u{${code.toString(16)}}` : `\\u${code.toString(16).padStart(4, '0')}`;
}

/** Text of others as one line that a terminal shows and does not act upon: everything active is shown escaped. */
export function inert(text: string): string {
  return text.replace(ACTIVE, escaped);
}

/** The same for text of several lines, such as a stack: line feeds stay. */
export function inertLines(text: string): string {
  return text.split(/\r?\n/).map(inert).join('\n');
}

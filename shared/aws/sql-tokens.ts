/** A piece of SQL text. Joined again, the pieces of a statement are the statement. */
export interface SqlToken {
  type: 'text' | 'identifier' | 'comment' | 'word' | 'space' | 'symbol';
  text: string;
}

/**
 * One row a kind of token, tried in this order: `'text'`, `"identifier"`, comments, words, blanks, anything else. A quote
 * or comment that is never closed is a symbol, which `selectFault` refuses.
 */
const TOKEN =
  /('(?:[^']|'')*')|("(?:[^"]|"")*")|(--[^\n]*|\/\*[\s\S]*?\*\/)|([\p{L}_][\p{L}\p{N}_$]*)|(\s+)|([\s\S])/gu;
const TYPES = ['text', 'identifier', 'comment', 'word', 'space', 'symbol'] as const;

/** Splits SQL of Trino or DuckDB, so that a word in a text or a comment is not taken for one of the statement. */
export function sqlTokens(sql: string): SqlToken[] {
  return Array.from(sql.matchAll(TOKEN), (match) => {
    const type = TYPES.find((_, index) => match[index + 1] !== undefined) ?? 'symbol';
    return { type, text: match[0] };
  });
}

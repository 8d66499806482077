import { type SqlToken, sqlTokens } from './sql-tokens.ts';

/** Words that begin a statement which writes, or that let one statement run another, in Trino, Athena or DuckDB. */
const WRITES = new Set(
  (
    'alter analyze attach call comment commit copy create deallocate delete detach drop execute export grant import insert install ' +
    'load merge msck pragma prepare refresh rename reset revoke rollback set start truncate unload update use vacuum'
  ).split(' '),
);

/**
 * Why a statement may not run as a saved query; undefined when it is one SELECT that only reads. Words count wherever
 * they stand outside of texts, quoted identifiers and comments: DuckDB lets WITH lead an INSERT.
 */
export function selectFault(sql: string): string | undefined {
  const tokens = sqlTokens(sql).filter(({ type }) => type !== 'space' && type !== 'comment');
  const first = tokens[0]?.text ?? '';
  if (!/^(select|with)$/i.test(first)) return `it must begin with SELECT or WITH, got ${JSON.stringify(first)}`;
  for (const [index, token] of tokens.entries()) {
    const fault = token.type === 'word' ? wordFault(token) : symbolFault(token, tokens[index + 1]);
    if (fault) return fault;
  }
  return undefined;
}

function wordFault({ text }: SqlToken): string | undefined {
  return WRITES.has(text.toLowerCase()) ? `it may only read, got ${text.toUpperCase()}` : undefined;
}

function symbolFault({ text }: SqlToken, next: SqlToken | undefined): string | undefined {
  if (text === ';') return 'it must be one statement, got a semicolon';
  if (text === "'" || text === '"') return `it has a ${text} that is not closed`;
  if (text === '/' && next?.text === '*') return 'it has a comment that is not closed';
  return undefined;
}

import { sqlTokens } from './sql-tokens.ts';

/** Functions of Trino that DuckDB, which plays Athena in MiniStack, knows under another name with the same arguments. */
const FUNCTIONS: ReadonlyMap<string, string> = new Map([
  ['approx_percentile', 'approx_quantile'],
  ['approx_distinct', 'approx_count_distinct'],
  ['json_extract_scalar', 'json_extract_string'],
  ['json_format', 'to_json'],
  ['arbitrary', 'any_value'],
  ['element_at', 'map_extract_value'],
]);

/** The statement as the local cloud's Athena understands it. The saved query itself stays Trino SQL. */
export function toLocalDialect(sql: string): string {
  const tokens = sqlTokens(sql);
  const isCall = (index: number) => tokens[tokens[index + 1]?.type === 'space' ? index + 2 : index + 1]?.text === '(';
  return tokens
    .map(({ type, text }, index) =>
      type === 'word' && isCall(index) ? (FUNCTIONS.get(text.toLowerCase()) ?? text) : text,
    )
    .join('');
}

/**
 * A saved query is a file of SQL with a header of line comments:
 *
 *     -- name: errors-by-source-and-hour
 *     -- description: How many errors each source logged in each hour
 *     -- param: days integer 7 How many days back
 *     SELECT … WHERE dt >= … {{days}}
 *
 * A default that is more than one word stands in quotes; `-` means that there is none and the parameter must be given.
 */
export interface SavedQuery {
  name: string;
  description: string;
  params: SavedQueryParam[];
  /** The statement, with a `{{name}}` wherever a parameter's value goes. */
  sql: string;
}

export const PARAM_TYPES = ['string', 'integer', 'number', 'date', 'timestamp'] as const;

export interface SavedQueryParam {
  name: string;
  type: (typeof PARAM_TYPES)[number];
  default?: string;
  description: string;
}

const HEADER = /^--\s*(name|description|param):\s*(.*?)\s*$/;
const PARAM = /^([a-z][a-z0-9_]*)\s+([a-z]+)\s+("[^"]*"|\S+)\s+(\S.*)$/;
const PLACEHOLDER = /\{\{([^{}]*)\}\}/g;

/** Reads the text of a `.sql` file. Throws an `Error` that says what the header lacks. */
export function parseSavedQuery(text: string): SavedQuery {
  const lines = text.split(/\r?\n/);
  const end = lines.findIndex((line) => !line.startsWith('--') && line.trim() !== '');
  const header = (end === -1 ? lines : lines.slice(0, end)).map((line) => HEADER.exec(line));
  const values = (key: string) => header.flatMap((match) => (match?.[1] === key ? [match[2] ?? ''] : []));
  const query: SavedQuery = {
    name: one('name', values('name')),
    description: one('description', values('description')),
    params: values('param').map(parseParam),
    sql: end === -1 ? '' : lines.slice(end).join('\n').trim().replace(/;$/, ''),
  };
  checkPlaceholders(query);
  return query;
}

function one(key: string, found: string[]): string {
  if (found.length === 1 && found[0]) return found[0];
  throw new Error(`Expected one line "-- ${key}: …" at the top of a saved query, got ${found.length}`);
}

function parseParam(line: string): SavedQueryParam {
  const [, name = '', typeName, written = '', description = ''] = PARAM.exec(line) ?? [];
  const type = PARAM_TYPES.find((known) => known === typeName);
  if (!type) {
    throw new Error(
      `Expected "-- param: NAME TYPE DEFAULT DESCRIPTION" with a type of ${PARAM_TYPES.join(', ')}, got "${line}"`,
    );
  }
  const value = written.startsWith('"') ? written.slice(1, -1) : written;
  return { name, type, ...(written !== '-' && { default: value }), description };
}

function checkPlaceholders({ name, params, sql }: SavedQuery): void {
  if (sql === '') throw new Error(`Expected a statement below the header of ${name}, got none`);
  const used = new Set([...sql.matchAll(PLACEHOLDER)].map((match) => match[1] ?? ''));
  const declared = new Set(params.map((param) => param.name));
  if (declared.size < params.length) throw new Error(`Expected each parameter of ${name} once, got one twice`);
  for (const param of used) {
    if (!declared.has(param))
      throw new Error(`Expected a line "-- param: ${param} …" in ${name}, which uses {{${param}}}`);
  }
  for (const param of declared) {
    if (!used.has(param))
      throw new Error(`Expected {{${param}}} somewhere in ${name}, which declares it; remove the line or use it`);
  }
}

/** The statement with Athena's positional `?`, and the parameter that each of them stands for, in order. */
export function positional(query: SavedQuery): { sql: string; order: string[] } {
  const order: string[] = [];
  const sql = query.sql.replace(PLACEHOLDER, (_, name: string) => {
    order.push(name);
    return '?';
  });
  return { sql, order };
}

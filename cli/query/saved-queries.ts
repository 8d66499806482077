import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseSavedQuery, type SavedQuery, type SavedQueryParam } from '../../analytics/saved-query.ts';
import { sqlLiteral } from '../../shared/aws/athena-literal.ts';
import { selectFault } from '../../shared/aws/athena-statement.ts';
import { sqlTokens } from '../../shared/aws/sql-tokens.ts';
import { nearestName } from '../../shared/runtime/nearest-name.ts';
import { CommandFailure, UsageError } from '../cli-error.ts';

export const QUERIES_FOLDER = join(import.meta.dirname, '..', '..', 'analytics', 'queries');

/** Every saved query, by name. Throws a sentence that names the file whose header or statement is not as it should be. */
export function loadSavedQueries(folder = QUERIES_FOLDER): SavedQuery[] {
  const files = readdirSync(folder).filter((file) => file.endsWith('.sql'));
  return files.sort().map((file) => loadSavedQuery(folder, file));
}

function loadSavedQuery(folder: string, file: string): SavedQuery {
  try {
    const query = parseSavedQuery(readFileSync(join(folder, file), 'utf8'));
    const fault = selectFault(query.sql) ?? placeholderFault(query.sql);
    if (fault) throw new Error(`the statement is refused: ${fault}`);
    return query;
  } catch (error) {
    throw new CommandFailure(`analytics/queries/${file}: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
}

const PLACEHOLDER = /\{\{([^{}]*)\}\}/g;

/** A literal put inside of a text, an identifier or a comment would not be a literal any more. */
function placeholderFault(sql: string): string | undefined {
  const quoted = sqlTokens(sql).find(({ type, text }) => type !== 'symbol' && type !== 'word' && text.includes('{{'));
  return quoted && `a parameter may not stand in quotes or in a comment, got ${quoted.text}`;
}

/** The saved query of this name. Throws a sentence with the nearest name when there is none. */
export function findSavedQuery(queries: readonly SavedQuery[], name: string): SavedQuery {
  const found = queries.find((query) => query.name === name);
  if (found) return found;
  const names = queries.map((query) => query.name);
  const nearest = nearestName(name, names);
  throw new UsageError(
    `There is no saved query ${JSON.stringify(name)}${nearest ? `, did you mean ${nearest}?` : ''}: there are ${names.join(', ')}`,
  );
}

/** Reads `name=value` pairs as commander collects them. */
export function paramOption(
  pair: string,
  before: ReadonlyMap<string, string> = new Map(),
): ReadonlyMap<string, string> {
  const split = pair.indexOf('=');
  if (split < 1) throw new UsageError(`--param must be name=value, got ${JSON.stringify(pair)}`);
  return new Map([...before, [pair.slice(0, split), pair.slice(split + 1)]]);
}

/** The statement with every parameter in its place, as a literal of its type. Throws a sentence that names each fault. */
export function bindParameters(query: SavedQuery, given: ReadonlyMap<string, string>): string {
  const bound = query.params.map((param) => ({ name: param.name, ...bind(param, given.get(param.name)) }));
  const names = query.params.map(({ name }) => name);
  const unknown = [...given.keys()].filter((name) => !names.includes(name));
  const faults = [
    ...bound.flatMap((one) => ('fault' in one ? [`--param ${one.name} must be ${one.fault}`] : [])),
    ...unknown.map((name) => `${query.name} has no parameter ${name}, it has ${names.join(', ') || 'none'}`),
  ];
  if (faults.length > 0) throw new UsageError(faults.join('; '));
  const literals = new Map(bound.flatMap((one) => ('sql' in one ? [[one.name, one.sql]] : [])));
  return query.sql.replace(PLACEHOLDER, (_, name: string) => literals.get(name) ?? '');
}

function bind({ type, default: usual }: SavedQueryParam, given: string | undefined): ReturnType<typeof sqlLiteral> {
  const value = given ?? usual;
  if (value === undefined) return { fault: 'given, it has no default' };
  const literal = sqlLiteral(type, value);
  return 'sql' in literal ? literal : { fault: `${literal.fault}, got ${JSON.stringify(value)}` };
}

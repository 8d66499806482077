import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseSavedQuery, positional, type SavedQuery } from '../analytics/saved-query.ts';
import { capitalized, type Resource, type Resources, ref } from './template.ts';

/** An Athena named query for each `.sql` file of `folder`. Throws an `Error` that names the file whose header is wrong. */
export function namedQueries(folder: string): Resources {
  const files = readdirSync(folder).filter((file) => file.endsWith('.sql'));
  return Object.fromEntries(
    files.sort().map((file) => [`${logicalId(file)}Query`, namedQuery(readQuery(folder, file))]),
  );
}

function readQuery(folder: string, file: string): SavedQuery {
  try {
    return parseSavedQuery(readFileSync(join(folder, file), 'utf8'));
  } catch (error) {
    throw new Error(`analytics/queries/${file}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** Athena's page asks for a value for each `?`; the comment above the statement says which is which. */
function namedQuery(query: SavedQuery): Resource {
  const { sql, order } = positional(query);
  const comments = order.map((name, index) => {
    const param = query.params.find((one) => one.name === name);
    const usual = param?.default === undefined ? '' : ` (usually ${param.default})`;
    return `-- ${index + 1}. ${name}: ${param?.description ?? ''}${usual}`;
  });
  return {
    Type: 'AWS::Athena::NamedQuery',
    Properties: {
      Name: query.name,
      Description: query.description,
      Database: ref('GlueDatabase'),
      WorkGroup: ref('AthenaWorkGroup'),
      QueryString: [`-- ${query.description}`, ...comments, sql].join('\n'),
    },
  };
}

function logicalId(file: string): string {
  return file
    .replace(/\.sql$/, '')
    .split(/[^A-Za-z0-9]+/)
    .map(capitalized)
    .join('');
}

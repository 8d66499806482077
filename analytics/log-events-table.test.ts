import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { logEventsColumnsFile, logEventsGlueColumns } from './log-events-table.ts';

it('has the columns that other programs rely on, in their order', () => {
  expect(logEventsGlueColumns().map((column) => `${column.Name} ${column.Type}`)).toStrictEqual([
    'id string',
    'type string',
    'time timestamp',
    'source string',
    'message string',
    'details string',
    'template string',
    'fingerprint string',
    'error_type string',
    'error_message string',
    'error_stack string',
    'locator string',
    'attributes map<string,string>',
    'trace_id string',
    'span_id string',
    'received_at timestamp',
    'v int',
  ]);
});

it('is what is committed for the deployment; if not, run node infrastructure/generate.ts', () => {
  const committed = new URL('../infrastructure/generated/log-events-columns.json', import.meta.url);
  expect(readFileSync(committed, 'utf8')).toBe(logEventsColumnsFile());
});

import { stringify } from 'csv-stringify/sync';
import type { AthenaColumn, AthenaResult } from '../../shared/aws/athena-query.ts';
import { inert } from '../inert-text.ts';

const NUMBERS = new Set(['tinyint', 'smallint', 'int', 'integer', 'bigint', 'float', 'real', 'double', 'decimal']);

export function isNumeric({ type }: AthenaColumn): boolean {
  return NUMBERS.has(type.toLowerCase().replace(/\(.*$/, ''));
}

/** Cells as JSON values: numbers as numbers where one can hold them exactly, everything else as text, NULL as null. */
export function resultObjects({ columns, rows }: AthenaResult): Record<string, string | number | null>[] {
  return rows.map((row) =>
    Object.fromEntries(columns.map((column, index) => [column.name, jsonCell(row[index] ?? null, column)])),
  );
}

function jsonCell(value: string | null, column: AthenaColumn): string | number | null {
  if (value === null || !isNumeric(column)) return value;
  const number = Number(value);
  const isExact = Number.isFinite(number) && (!Number.isInteger(number) || Number.isSafeInteger(number));
  return isExact && value.trim() !== '' ? number : value;
}

/** What a spreadsheet takes for a formula. Source: OWASP, "CSV Injection"; the full-width forms count in some of them. */
const FORMULA = /^[=+\-@\t\r\n＝＋－＠]/u;

/**
 * The result as CSV by RFC 4180, with a header. A text that a spreadsheet would run gets an apostrophe in front. On a
 * terminal the cells are inert as well.
 */
export function resultCsv({ columns, rows }: AthenaResult, { isTerminal }: { isTerminal: boolean }): string {
  const shown = (text: string) => (isTerminal ? inert(text) : text);
  const cell = (value: string | null, column: AthenaColumn | undefined) => {
    if (value === null) return '';
    const isNumber = column !== undefined && isNumeric(column) && value !== '' && Number.isFinite(Number(value));
    return shown(!isNumber && FORMULA.test(value) ? `'${value}` : value);
  };
  const table = [
    columns.map(({ name }) => cell(name, undefined)),
    ...rows.map((row) => row.map((value, index) => cell(value, columns[index]))),
  ];
  // By itself it quotes a cell for the whole record delimiter only, not for a single CR or LF.
  return stringify(table, { record_delimiter: '\r\n', quoted_match: /[\r\n]/ });
}

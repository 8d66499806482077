import Table from 'cli-table3';
import { inert } from './inert-text.ts';
import type { Terminal } from './terminal.ts';

export interface TableColumn {
  head: string;
  align?: 'left' | 'right';
  /** Colours the finished cell; gets its inert text. */
  paint?: (text: string) => string;
  /** This column is cut when the table is wider than the terminal. */
  gives?: boolean;
}

const NARROWEST = 12;
/** The frame takes one character a column and one more, and a blank on both sides of a cell. */
const FRAME_PER_COLUMN = 3;

/** A table of texts of others: every cell is one inert line. On a terminal it is cut to its width. */
export function renderTable(
  columns: readonly TableColumn[],
  rows: readonly (readonly string[])[],
  terminal: Terminal,
): string {
  const cells = rows.map((row) => columns.map((_, index) => inert(row[index] ?? '')));
  const limits = limitsOf(columns, cells, terminal.width);
  const table = new Table({
    head: columns.map((column) => terminal.colors.bold(column.head)),
    colAligns: columns.map((column) => column.align ?? 'left'),
    style: { head: [], border: [], compact: true },
  });
  for (const row of cells) {
    table.push(row.map((cell, index) => columns[index]?.paint?.(cell) ?? cut(cell, limits[index])));
  }
  return table.toString();
}

/** How long the cells of each column may be: what a terminal lacks is taken from the columns that give, evenly. */
function limitsOf(
  columns: readonly TableColumn[],
  cells: string[][],
  width: number | undefined,
): (number | undefined)[] {
  if (width === undefined) return columns.map(() => undefined);
  const natural = columns.map(({ head }, index) =>
    Math.max(head.length, ...cells.map((row) => row[index]?.length ?? 0)),
  );
  const over = natural.reduce((sum, length) => sum + length + FRAME_PER_COLUMN, 1) - width;
  const giving = columns.filter((column) => column.gives).length;
  if (over <= 0 || giving === 0) return columns.map(() => undefined);
  const share = Math.ceil(over / giving);
  return columns.map((column, index) =>
    column.gives ? Math.max(NARROWEST, (natural[index] ?? 0) - share) : undefined,
  );
}

function cut(text: string, limit: number | undefined): string {
  return limit === undefined || text.length <= limit ? text : `${text.slice(0, limit - 1).toWellFormed()}…`;
}

/** What a benchmark found. Everything that is printed, generated or checked comes out of this. */
export interface BenchmarkResult {
  name: string;
  title: string;
  /** What was measured and how, a paragraph each. */
  notes: string[];
  tables: ResultTable[];
  budgets: Budget[];
  /** Why something could not be measured here: a peer or input that is missing. */
  missing: string[];
}

export interface ResultTable {
  title: string;
  columns: string[];
  rows: string[][];
}

/** A figure that must hold. */
export interface Budget {
  what: string;
  value: number;
  limit: number;
  kind: 'at least' | 'at most';
  unit: string;
}

export interface Benchmark {
  name: string;
  title: string;
  run: (options: BenchmarkOptions) => Promise<BenchmarkResult>;
}

export interface BenchmarkOptions {
  /** A folder of real logs with known groups, as Loghub publishes them. */
  directory: string;
  /** Also what takes minutes. */
  full: boolean;
  onProgress: (line: string) => void;
}

export function isMet({ value, limit, kind }: Budget): boolean {
  return kind === 'at least' ? value >= limit : value <= limit;
}

export function atLeast(what: string, value: number, limit: number, unit = '×'): Budget {
  return { what, value, limit, kind: 'at least', unit };
}

export function atMost(what: string, value: number, limit: number, unit: string): Budget {
  return { what, value, limit, kind: 'at most', unit };
}

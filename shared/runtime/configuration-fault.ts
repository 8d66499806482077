/** One thing that is wrong with a configuration. */
export interface ConfigurationFault {
  /** Where: `alerts.windows.critical`; empty for the file as a whole. */
  path: string;
  /** 1-based; missing when the fault has no place, such as a key that is not there. */
  line?: number;
  expected: string;
  /** What came, shortened. */
  got: string;
  advice: string;
}

/** Every fault of the file at once, one a line. */
export class ConfigurationError extends Error {
  readonly code = 'CONFIGURATION_INVALID';
  readonly faults: readonly ConfigurationFault[];

  constructor(fileName: string, faults: readonly ConfigurationFault[]) {
    const count = faults.length === 1 ? '1 fault' : `${faults.length} faults`;
    super([`${fileName} has ${count}:`, ...faults.map((fault) => `  ${sentence(fileName, fault)}`)].join('\n'));
    this.name = 'ConfigurationError';
    this.faults = faults;
  }
}

function sentence(fileName: string, { path, line, expected, got, advice }: ConfigurationFault): string {
  const place = line === undefined ? fileName : `${fileName}:${line}`;
  return `${place} ${path ? `${path}: ` : ''}expected ${expected}, got ${got}; ${advice}`;
}

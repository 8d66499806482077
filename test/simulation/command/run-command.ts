/** What was asked for cannot be done: told without a stack. */
export class UsageError extends Error {}

/** A count from the command line, 0 or more. */
export function wholeNumber(text: string | undefined, fallback: number): number {
  const value = text === undefined ? fallback : Number(text);
  if (Number.isSafeInteger(value) && value >= 0) return value;
  throw new UsageError(`expected a whole number, got ${text}`);
}

/** Runs a command. Ends with 0 where it answers true, with 1 where it does not, with 2 where its options are no options. */
export async function runCommand(main: () => Promise<boolean>, usage: string): Promise<void> {
  try {
    process.exitCode = (await main()) ? 0 : 1;
  } catch (error) {
    const isUsage =
      error instanceof UsageError || String((error as { code?: string }).code).startsWith('ERR_PARSE_ARGS');
    if (!isUsage) throw error;
    console.error(`${(error as Error).message}\n\n${usage}`);
    process.exitCode = 2;
  }
}

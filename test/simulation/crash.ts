const CRASH = 'the simulation itself failed';

/** Says that a fault ended the simulation before its checks had their say. */
export function crashViolation(fault: unknown): string {
  return `${CRASH}: ${fault instanceof Error ? fault.stack : fault}`;
}

export function isCrash(violation: string): boolean {
  return violation.includes(CRASH);
}

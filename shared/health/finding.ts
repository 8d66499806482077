/** What `sluice doctor` found out about one thing. */
export interface Finding {
  check: string;
  /** `unknown`: it could not be looked at, which is not well either. */
  state: 'well' | 'wrong' | 'unknown';
  /** What is so, in a sentence without its stop. */
  says: string;
  /** What to do, where something is to be done. */
  advice?: string;
}

export const well = (check: string, says: string): Finding => ({ check, state: 'well', says });

export const wrong = (check: string, says: string, advice: string): Finding => ({
  check,
  state: 'wrong',
  says,
  advice,
});

export const unknown = (check: string, says: string, advice: string): Finding => ({
  check,
  state: 'unknown',
  says,
  advice,
});

/** `1 object`, `3 objects`. */
export function counted(count: number, thing: string): string {
  return `${count} ${thing}${count === 1 ? '' : 's'}`;
}

const SHOWN = 3;

/** The first of some names, and how many more there are. */
export function shownNames(names: readonly string[]): string {
  const rest = names.length - SHOWN;
  return names.slice(0, SHOWN).join(', ') + (rest > 0 ? ` and ${rest} more` : '');
}

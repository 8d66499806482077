/** Why a text is no rule. The text says what was expected. */
export class RuleFault extends Error {
  constructor(expected: string) {
    super(`expected ${expected}`);
    this.name = 'RuleFault';
  }
}

/** What a message says, by the names of a pattern. A map, so that a name can be any. */
export type Values = ReadonlyMap<string, string>;

export interface MessagePattern {
  /** In the order of the pattern. */
  names: readonly string[];
  /** The values, or nothing when the message is not of this form. */
  extract(message: string): Values | undefined;
}

const LONGEST_PATTERN = 500;
const MOST_VALUES = 10;
/** A value that is longer is none: what such a pattern is for is a name or a number. */
const LONGEST_VALUE = 256;
/** What stands later in a message is not looked at. */
const LONGEST_MESSAGE = 16_384;

const PLACEHOLDER = /\{([A-Za-z][A-Za-z0-9_]{0,39})\}/g;

/**
 * Reads a pattern such as `High response time for {endpoint}: {ms} ms`: words, and names in braces for what changes. It may
 * stand anywhere in a message. A value ends where the words after it come first, so reading takes time in proportion to
 * the message, whatever the pattern. Throws a `RuleFault`.
 */
export function compileMessagePattern(written: string): MessagePattern {
  if (written.length > LONGEST_PATTERN) throw new RuleFault(`a pattern of at most ${LONGEST_PATTERN} characters`);
  const { literals, names } = partsOf(written);
  return { names, extract: (message) => extract(message.slice(0, LONGEST_MESSAGE), literals, names) };
}

function partsOf(written: string): { literals: string[]; names: string[] } {
  const literals: string[] = [];
  const names: string[] = [];
  let end = 0;
  for (const match of written.matchAll(PLACEHOLDER)) {
    literals.push(written.slice(end, match.index));
    names.push(match[1] as string);
    end = match.index + match[0].length;
  }
  literals.push(written.slice(end));
  checkParts(literals, names);
  return { literals, names };
}

function checkParts(literals: readonly string[], names: readonly string[]): void {
  if (literals.some((literal) => /[{}]/.test(literal))) {
    throw new RuleFault('a name of letters, digits and _ between braces, and no other brace');
  }
  if (names.length === 0 || names.length > MOST_VALUES) {
    throw new RuleFault(`a pattern with 1 to ${MOST_VALUES} names in braces, such as took {ms} ms`);
  }
  if (new Set(names).size < names.length) throw new RuleFault('each name in braces once');
  if (literals.slice(1, -1).some((literal) => literal === '')) throw new RuleFault('words between two names in braces');
  if (literals.every((literal) => literal.trim() === '')) throw new RuleFault('words beside the names in braces');
}

function extract(message: string, literals: readonly string[], names: readonly string[]): Values | undefined {
  const [first = '', ...others] = literals;
  const start = message.indexOf(first);
  if (start < 0) return undefined;
  let at = start + first.length;
  const values = new Map<string, string>();
  for (const [index, literal] of others.entries()) {
    const end = literal === '' ? endOfLine(message, at) : message.indexOf(literal, at);
    if (end <= at || end - at > LONGEST_VALUE) return undefined;
    values.set(names[index] as string, message.slice(at, end));
    at = end + literal.length;
  }
  return values;
}

/** A value at the end of a pattern goes to the end of its line. */
function endOfLine(message: string, from: number): number {
  const end = message.indexOf('\n', from);
  return end < 0 ? message.length : end;
}

/** `3500`, `3,500`, `-0.5`. Anything else is no number. */
const NUMBER = /^[+-]?(?:\d{1,15}|\d{1,3}(?:,\d{3}){1,4})(?:\.\d{1,15})?$/;

export function numberOf(text: string | undefined): number | undefined {
  const trimmed = text?.trim();
  return trimmed !== undefined && NUMBER.test(trimmed) ? Number(trimmed.replaceAll(',', '')) : undefined;
}

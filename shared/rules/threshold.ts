import { numberOf, RuleFault } from './message-pattern.ts';

const OPERATORS = ['>=', '<=', '!=', '>', '<', '='] as const;
type Operator = (typeof OPERATORS)[number];

/** A condition on a value that is a number. */
export interface Threshold {
  name: string;
  operator: Operator;
  number: number;
}

const FORM = /^\s*([\w.:/-]{1,100})\s*(>=|<=|!=|>|<|=)\s*(\S{1,40})\s*$/;

/** Reads `ms > 3000`. Throws a `RuleFault`. */
export function parseThreshold(written: string): Threshold {
  const [, name, operator, text] = FORM.exec(written) ?? [];
  const number = numberOf(text);
  if (name === undefined || number === undefined) throw new RuleFault('a condition such as ms > 3000');
  return { name, operator: operator as Operator, number };
}

/** Whether the value is a number that fulfils the condition. */
export function fulfils({ operator, number }: Threshold, value: string | undefined): boolean {
  const got = numberOf(value);
  if (got === undefined) return false;
  switch (operator) {
    case '>':
      return got > number;
    case '>=':
      return got >= number;
    case '<':
      return got < number;
    case '<=':
      return got <= number;
    case '=':
      return got === number;
    case '!=':
      return got !== number;
    default:
      return operator satisfies never;
  }
}

declare const sequenceNumberBrand: unique symbol;

/**
 * A Kinesis sequence number: up to 129 decimal digits. Never compare as text or number. Kinesis writes none with leading
 * zeros, local clouds do, and an answer must name a record exactly as it came: so the text is kept as it is.
 */
export type SequenceNumber = string & { readonly [sequenceNumberBrand]: true };

const FORM = /^\d{1,129}$/;
const LEADING_ZEROS = /^0+(?=\d)/;

const digitsOf = (sequenceNumber: SequenceNumber) =>
  sequenceNumber.startsWith('0') ? sequenceNumber.replace(LEADING_ZEROS, '') : sequenceNumber;

/** The only way to make a sequence number. Source: the pattern in the Kinesis API reference, `Record.SequenceNumber`. */
export function parseSequenceNumber(text: string): SequenceNumber | undefined {
  return FORM.test(text) ? (text as SequenceNumber) : undefined;
}

/** Negative, zero or positive as `a` is before, at or after `b`. Of two numbers the one with more digits is larger. */
export function compareSequenceNumbers(a: SequenceNumber, b: SequenceNumber): number {
  const [left, right] = [digitsOf(a), digitsOf(b)];
  if (left.length !== right.length) return left.length - right.length;
  return left < right ? -1 : left > right ? 1 : 0;
}

/** A sort key whose order as text is the order of the numbers: three digits of length, then the number. */
export function sortableSequenceNumber(sequenceNumber: SequenceNumber): string {
  const digits = digitsOf(sequenceNumber);
  return `${String(digits.length).padStart(3, '0')}${digits}`;
}

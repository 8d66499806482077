declare const sequenceNumberBrand: unique symbol;

/** A Kinesis sequence number: up to 129 decimal digits. Never compare as text or number. */
export type SequenceNumber = string & { readonly [sequenceNumberBrand]: true };

const FORM = /^(0|[1-9]\d{0,128})$/;

/** The only way to make a sequence number. Source: the pattern in the Kinesis API reference, `Record.SequenceNumber`. */
export function parseSequenceNumber(text: string): SequenceNumber | undefined {
  return FORM.test(text) ? (text as SequenceNumber) : undefined;
}

/** Negative, zero or positive as `a` is before, at or after `b`. Without leading zeros, the longer number is the larger. */
export function compareSequenceNumbers(a: SequenceNumber, b: SequenceNumber): number {
  if (a.length !== b.length) return a.length - b.length;
  return a < b ? -1 : a > b ? 1 : 0;
}

/** A sort key whose order as text is the order of the numbers: three digits of length, then the number. */
export function sortableSequenceNumber(sequenceNumber: SequenceNumber): string {
  return `${String(sequenceNumber.length).padStart(3, '0')}${sequenceNumber}`;
}

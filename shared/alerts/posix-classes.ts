/**
 * What `[:name:]` within brackets stands for: ASCII alone, as pairs of the first and last character of each range, in their
 * order. Source: RE2, "Syntax", ASCII character classes.
 */
const RANGES: Readonly<Record<string, string>> = {
  alnum: '09AZaz',
  alpha: 'AZaz',
  ascii: '\x00\x7f',
  blank: '\t\t  ',
  cntrl: '\x00\x1f\x7f\x7f',
  digit: '09',
  graph: '!~',
  lower: 'az',
  print: ' ~',
  punct: '!/:@[`{~',
  space: '\t\r  ',
  upper: 'AZ',
  word: '09AZ__az',
  xdigit: '09AFaf',
};

/** How the classes can be written, for people. */
export const POSIX_CLASSES = Object.keys(RANGES).map((name) => `[:${name}:]`);

/** The code points of a class, both ends included; undefined for a name that is none. */
export function posixRanges(name: string): [from: number, to: number][] | undefined {
  const pairs = Object.hasOwn(RANGES, name) ? RANGES[name]?.match(/../gs) : undefined;
  return pairs?.map((pair) => [pair.charCodeAt(0), pair.charCodeAt(1)]);
}

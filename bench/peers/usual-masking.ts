import { createHash } from 'node:crypto';

/** What is usually written for this: a regular expression for each kind of variable, and a sha256 of the result. */
const MASKS: readonly [RegExp, string][] = [
  [/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gi, '<uuid>'],
  [/\b\d{1,3}(?:\.\d{1,3}){3}(?::\d+)?\b/g, '<ip>'],
  [/\b(?:0x)?[0-9a-f]{8,}\b/gi, '<hex>'],
  [/(?:\/[\w.-]+)+/g, '<path>'],
  [/\d+/g, '<num>'],
];

export function usualFingerprint(source: string, message: string): string {
  let template = message;
  for (const [pattern, mask] of MASKS) template = template.replace(pattern, mask);
  return createHash('sha256').update(source).update('\0').update(template).digest('hex');
}

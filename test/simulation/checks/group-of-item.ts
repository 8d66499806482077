import type { Item } from '../../../shared/stream/ports.ts';

/** `alertGroupOf` of an item, whichever the route that has no name was called: the subject stands behind the labels. */
export function groupOfItem({ group, fingerprint, level }: Item): string {
  const kind = `${fingerprint}#${level}`;
  const labels = String(group).startsWith('@') ? String(group).lastIndexOf(']') + 1 : kind.length;
  return `${kind}${String(group).slice(labels)}`;
}

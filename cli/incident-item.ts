import { z } from 'zod';

/** Every status that an incident may have: the partitions of the index `byStatus`. */
export const INCIDENT_STATUSES = ['open', 'acknowledged', 'resolved', 'regressed'] as const;
export type IncidentStatus = (typeof INCIDENT_STATUSES)[number];

/** What of an incident's item people see. The rest is the projection's bookkeeping. */
const incidentItem = z.object({
  fingerprint: z.string(),
  status: z.string(),
  level: z.string(),
  source: z.string(),
  template: z.string().default(''),
  count: z.coerce.number(),
  firstSeen: z.string(),
  lastSeen: z.string(),
  sample: z.string().default(''),
});

export type IncidentItem = z.infer<typeof incidentItem>;

export function parseIncident(item: unknown): IncidentItem {
  return incidentItem.parse(item);
}

/** Enough of a fingerprint to name it among thousands, and to type: `v1:` and ten digits of its hash. */
export function shortFingerprint(fingerprint: string): string {
  return /^v\d+:[0-9a-f]{11,}$/.test(fingerprint) ? fingerprint.slice(0, fingerprint.indexOf(':') + 11) : fingerprint;
}

/** Whether what a person typed means this fingerprint: the whole, its beginning, or the beginning of its hash. */
export function meansFingerprint(typed: string, fingerprint: string): boolean {
  const wanted = typed.toLowerCase();
  return fingerprint.startsWith(wanted) || fingerprint.slice(fingerprint.indexOf(':') + 1).startsWith(wanted);
}

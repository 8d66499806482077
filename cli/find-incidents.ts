import { getItem, queryItems } from '../shared/aws/dynamodb-pages.ts';
import { CommandFailure } from './cli-error.ts';
import {
  INCIDENT_STATUSES,
  type IncidentItem,
  type IncidentStatus,
  meansFingerprint,
  parseIncident,
} from './incident-item.ts';

export interface IncidentFilter {
  statuses: readonly IncidentStatus[];
  level?: string;
  source?: string;
  limit: number;
}

/** The incidents seen last, newest first: at most `limit`, and whether there are more. */
export async function listIncidents(
  tableName: string,
  filter: IncidentFilter,
): Promise<{ incidents: IncidentItem[]; hasMore: boolean }> {
  const { statuses, level, source, limit } = filter;
  const isWanted = (one: IncidentItem) =>
    (level === undefined || one.level === level) && (source === undefined || one.source === source);
  const perStatus = await Promise.all(statuses.map((status) => take(byStatus(tableName, status), limit + 1, isWanted)));
  const incidents = perStatus.flat().sort((a, b) => (a.lastSeen < b.lastSeen ? 1 : a.lastSeen > b.lastSeen ? -1 : 0));
  return { incidents: incidents.slice(0, limit), hasMore: incidents.length > limit };
}

/** The one incident that a whole or shortened fingerprint means. Rejects with a sentence when none or several do. */
export async function findIncident(tableName: string, typed: string): Promise<IncidentItem> {
  const exact = await getItem(tableName, { fingerprint: typed });
  if (exact) return parseIncident(exact);
  const means = (one: IncidentItem) => meansFingerprint(typed, one.fingerprint);
  const found = await Promise.all(INCIDENT_STATUSES.map((status) => take(byStatus(tableName, status), 5, means)));
  const incidents = found.flat();
  const [only] = incidents;
  if (only && incidents.length === 1) return only;
  if (!only)
    throw new CommandFailure(
      `No incident has a fingerprint that begins with ${typed}: sluice incidents list shows them.`,
    );
  throw new CommandFailure(
    `Several incidents begin with ${typed}: ${incidents.map((one) => one.fingerprint).join(', ')}. Give more of it.`,
  );
}

async function* byStatus(tableName: string, status: IncidentStatus): AsyncGenerator<IncidentItem> {
  const query = { tableName, index: 'byStatus', partition: { name: 'status', value: status }, newestFirst: true };
  for await (const item of queryItems(query)) yield parseIncident(item);
}

async function take<T>(items: AsyncIterable<T>, limit: number, wanted: (item: T) => boolean): Promise<T[]> {
  const taken: T[] = [];
  for await (const item of items) {
    if (wanted(item)) taken.push(item);
    if (taken.length >= limit) break;
  }
  return taken;
}

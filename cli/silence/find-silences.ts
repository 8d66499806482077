import {
  endOf,
  PAST_SILENCE_BUCKET,
  SILENCE_BUCKET,
  SILENCE_KEY,
  type SilenceState,
  silenceProjection,
} from '../../shared/alerts/silence.ts';
import { getItem, queryItems } from '../../shared/aws/dynamodb-pages.ts';

/** A silence for people. */
export interface ListedSilence {
  id: string;
  status: 'in force' | 'to come' | 'over';
  state: SilenceState;
  /** ISO 8601, UTC. */
  end: string;
}

/** Silences in force and to come, and those that are over as well when asked for, the last to end first. */
export async function listSilences(tableName: string, now: number, withPast = false): Promise<ListedSilence[]> {
  const found: ListedSilence[] = [];
  for (const bucket of withPast ? [SILENCE_BUCKET, PAST_SILENCE_BUCKET] : [SILENCE_BUCKET]) {
    const query = { tableName, index: 'byDue', partition: { name: 'due_bucket', value: bucket }, newestFirst: true };
    for await (const { group } of queryItems(query)) {
      const silence = await findSilence(tableName, String(group).slice(SILENCE_KEY.length), now);
      if (silence && (withPast || silence.status !== 'over')) found.push(silence);
    }
  }
  return found;
}

export async function findSilence(tableName: string, id: string, now: number): Promise<ListedSilence | undefined> {
  const item = await getItem(tableName, { group: `${SILENCE_KEY}${id}` });
  const state = item && silenceProjection.fromItem(item, now);
  if (!state) return undefined;
  const end = endOf(state) ?? '';
  const time = new Date(now).toISOString();
  const isToCome = state.silence !== undefined && time < state.silence.startsAt;
  return { id, status: time >= end ? 'over' : isToCome ? 'to come' : 'in force', state, end };
}

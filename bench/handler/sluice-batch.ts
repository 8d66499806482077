import type { KinesisStreamEvent } from 'aws-lambda';
import { selectEvents } from '../../services/project-incidents/project-incidents.ts';
import { eventIdHash } from '../../shared/events/event-id.ts';
import { parseConfiguration } from '../../shared/runtime/configuration.ts';
import { recordsOf } from '../../shared/runtime/kinesis-records.ts';
import { groupEvents } from '../../shared/stream/fold-groups.ts';
import { readBatch } from '../../shared/stream/read-batch.ts';
import type { Timings } from '../harness/interleave.ts';
import { figure } from '../harness/render.ts';
import type { ResultTable } from '../harness/result.ts';
import { Routes, type Settled } from '../peers/settle.ts';

export const LIMIT = 'JSON.parse alone';
export const OURS = 'Sluice, every event by id and level';
export const SELECTING = 'Sluice, project-incidents';

/** What every consumer does with every record, before it does what is its own: the product's functions, no copies. */
export function settleBatch(event: KinesisStreamEvent): Settled {
  const { events, rejected } = readBatch(recordsOf(event), () => false);
  const routes = new Routes();
  for (const { event: logged } of events) routes.take(logged);
  routes.poison = rejected.length;
  return routes.settled();
}

const { applicationLogs: RULES } = parseConfiguration('');

/**
 * What project-incidents, the consumer that filters most, does with a batch before it asks a table: read, check, keep
 * what makes an incident or a row, fingerprint and group it, an id once.
 */
export function selectBatch(event: KinesisStreamEvent): number {
  const { events, rejected } = readBatch(recordsOf(event), () => false);
  const { kept, filtered } = selectEvents(events, RULES);
  const groups = groupEvents(kept, ({ fingerprint }) => fingerprint);
  let fresh = 0;
  for (const { events: members } of groups) fresh += new Set(members.map(({ event: { id } }) => eventIdHash(id))).size;
  return fresh + filtered.size + rejected.length;
}

export function parsed(text: string): unknown {
  return JSON.parse(text);
}

export function timeTable(title: string, timings: Timings, limit: string): ResultTable {
  const rows = timings.all().map(({ name, median, minimum }) => {
    return [name, figure(median), figure(minimum), `${figure(timings.ratio(limit, name))} ×`];
  });
  return { title, columns: ['', 'ns an event', 'minimum', `speed of ${limit}`], rows };
}

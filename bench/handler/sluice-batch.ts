import type { KinesisStreamEvent } from 'aws-lambda';
import { recordsOf } from '../../shared/runtime/kinesis-records.ts';
import { readBatch } from '../../shared/stream/read-batch.ts';
import type { Timings } from '../harness/interleave.ts';
import { figure } from '../harness/render.ts';
import type { ResultTable } from '../harness/result.ts';
import { Routes, type Settled } from '../peers/settle.ts';

export const LIMIT = 'JSON.parse alone';
export const OURS = 'Sluice';

/** What every consumer does with every record, before it does what is its own: the product's functions, no copies. */
export function settleBatch(event: KinesisStreamEvent): Settled {
  const { events, rejected } = readBatch(recordsOf(event), () => false);
  const routes = new Routes();
  for (const { event: logged } of events) routes.take(logged);
  routes.poison = rejected.length;
  return routes.settled();
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

import type { Notice } from '../../../shared/alerts/notice.ts';
import type { Item } from '../../../shared/stream/ports.ts';
import type { FunctionRun } from '../models/function-run.ts';
import type { World } from '../world.ts';
import { checkDone } from './check-windows.ts';

interface Sending {
  run: FunctionRun;
  step: number;
}

/** What the topics took, and what waits in the table, by the notice's id. With steps of the simulation. */
export interface Sendings {
  last: Map<string, Sending>;
  /** Since when it has stood in an outbox. */
  waitsSince: Map<string, { step: number; at: number }>;
}

/** At every write of what has an outbox. */
export function noteWaiting({ sendings, scheduler }: World, before: Item | undefined, after: Item | undefined): void {
  const waiting = idsOf(after);
  for (const id of idsOf(before)) if (!waiting.has(id)) sendings.waitsSince.delete(id);
  for (const id of waiting)
    if (!sendings.waitsSince.has(id)) sendings.waitsSince.set(id, { step: scheduler.steps, at: scheduler.now });
}

function idsOf(item: Item | undefined): ReadonlySet<string> {
  return new Set(((item?.pending ?? []) as Notice[]).map(({ id }) => id));
}

/** Called when a topic takes a notice. */
export function checkSending(world: World, { id }: Notice, run: FunctionRun): void {
  const last = world.sendings.last.get(id);
  if (last === undefined) checkSoon(world, id);
  else checkAgain(world, { id, last, run });
  world.sendings.last.set(id, { run, step: world.scheduler.steps });
}

/** What waits in the table is sent soon, unless the topics refuse. */
function checkSoon(world: World, id: string): void {
  const waiting = world.sendings.waitsSince.get(id);
  if (waiting === undefined) return;
  const { topicsDenied, oneTopicDenied } = world.plan;
  checkDone(world, {
    what: `notice ${id}: was decided`,
    at: waiting.at,
    down: [...topicsDenied, ...oneTopicDenied.spans],
  });
}

/**
 * Whoever sent a notice clears it, so no run that begins after that one ended may find it and send it again; nor does one run
 * send it twice. Save where the run before died, or the tables or the topic did not answer one of the two (faults 1 to 5, 24,
 * 31, 35, 45), or where the notice was decided again since: of an event that came again beyond the promise.
 */
function checkAgain(world: World, { id, last, run }: { id: string; last: Sending; run: FunctionRun }): void {
  if (last.run.isUnsure || run.isUnsure) return;
  const isDecidedAgain = (world.sendings.waitsSince.get(id)?.step ?? 0) > last.step;
  const wasCleared = last.run.doneAt !== undefined && last.run.doneAt < run.startedAt;
  if (last.run === run || (wasCleared && !isDecidedAgain)) {
    world.violate(`notice ${id} was sent again, and nothing kept it from being cleared`);
  }
}

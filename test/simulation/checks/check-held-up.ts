import type { Span } from '../chaos.ts';
import { keeperOfPoison } from '../deployed.ts';
import type { Plan } from '../plan.ts';
import type { World } from '../world.ts';

const MINUTE = 60_000;
/** Of one that nothing holds up: a window of 20 s, a few backoffs of a minute each after crashes. */
const USUAL = 10 * MINUTE;
/** After an outage who waited for it has so long for what came in it. */
const CATCHES_UP = 15 * MINUTE;
/** With five records a batch, where deliveries are refused in part as well: 130 batches of some 7 s (seed 5504). */
const CATCHES_UP_BY_FIVES = 30 * MINUTE;

/** An outage, and which mappings wait for what is down. */
interface Outage {
  spans: readonly Span[];
  mayWait: (name: string) => boolean;
}

/**
 * What one consumer alone waits for holds up no other, and it catches up soon afterwards; nor does an
 * invocation wait for it until its time is up. In a mixture others may be down.
 */
export function scheduleHeldUp(world: World): void {
  const { plan, scheduler } = world;
  const look = (what: string, before: number, isMeant: (name: string) => boolean) => {
    const meant = world.mappings.filter(({ options }) => isMeant(options.name));
    for (const mapping of meant) {
      if (mapping.waitsSince(before)) world.violate(`${mapping.options.name} ${what}`);
    }
  };
  const watch = ({ to }: Span, { mayWait }: Outage) => {
    scheduler.at(to - 1, 'who waits', () =>
      look('is held up by what it does not need', to - USUAL, (name) => !mayWait(name)),
    );
    const catchesUp = plan.batchSize > 5 ? CATCHES_UP : CATCHES_UP_BY_FIVES;
    scheduler.at(to + catchesUp, 'who still waits', () => {
      look('has not caught up', to, mayWait);
      if (world.chaos.log.has(4))
        world.violate('an invocation waited for a service that was down until its time was up');
    });
  };
  for (const outage of outagesOf(plan)) for (const span of outage.spans) watch(span, outage);
}

function outagesOf(plan: Plan): readonly Outage[] {
  const has = (fault: number) => plan.required.has(fault);
  // The delivery streams are the archive's: runs that are about them have it.
  const keeps = (name: string) => name.startsWith(keeperOfPoison(plan));
  const ofKeeper = [...(has(55) ? plan.firehoseDown : []), ...(has(56) ? plan.quarantineDown : [])];
  // A notice that is refused stands in the table, and its records are done. Beside fault 45 the tables are down too.
  const ofNobody = has(46) && !has(45) ? [...plan.topicsDenied, ...plan.oneTopicDenied.spans] : [];
  return [
    { spans: ofKeeper, mayWait: keeps },
    { spans: ofNobody, mayWait: () => false },
  ];
}

import type { RemediationFact } from '../../../shared/remediation/fact.ts';
import type { Automation } from '../automation/automation.ts';
import type { World } from '../world.ts';

const MINUTE = 60_000;
/** The queue brings a request each half minute. Some of its looks fail. */
const LOOKS = 4 * MINUTE;
/** EC2 answers late by so much, at most, and its state is not believed for a minute after a call. */
const BELIEVED = 1.5 * MINUTE;
/** Two hosts whose clocks are off by five minutes, each its own way. */
const CLOCK_ERROR = 10 * MINUTE;

/** Whether it is the last that is said of a request. */
export function isEnd(fact: RemediationFact): boolean {
  return fact.type === 'remediation.failed' || (fact.type === 'remediation.performed' && fact.step === 'running');
}

interface Ended {
  taken: RemediationFact;
  end: RemediationFact;
}

/** A restart runs again or has failed when its time is over, and is given up neither before nor without having been tried. */
export function checkEnd(world: World, automation: Automation, { taken, end }: Ended): void {
  const { instance, request } = end;
  const at = Date.parse(end.at);
  const giveUpAt = Date.parse(taken.at) + automation.settings.runningWithinSeconds * 1000;
  const error = world.chaos.active.has(29) ? CLOCK_ERROR : 0;
  const late = at - giveUpAt - LOOKS - error;
  if (late > 0 && !wasDown(world, giveUpAt - error, at)) {
    world.violate(`request ${request}: ended ${Math.round((at - giveUpAt) / 1000)} s after it should be given up`);
  }
  if (end.type !== 'remediation.failed' || end.cause !== 'not-running-again') return;
  if (at < giveUpAt) world.violate(`request ${request}: given up ${(giveUpAt - at) / 1000} s too early`);
  const last = automation.instances.stateSince(instance, at);
  if (last?.state !== 'stopped' || error > 0 || wasDown(world, last.from, at)) return;
  if (at - last.from > BELIEVED + LOOKS) {
    world.violate(`request ${request}: ${instance} was left stopped for ${Math.round((at - last.from) / 1000)} s`);
  }
}

/** While the tables do not answer nobody looks; and a little after, until the request is brought again. */
function wasDown({ plan }: World, from: number, to: number): boolean {
  return plan.tablesDown.some((span) => span.from < to && span.to + LOOKS > from);
}

import { requestMessage } from '../../../shared/remediation/message.ts';
import type { Random } from '../random.ts';
import type { World } from '../world.ts';
import { Automation } from './automation.ts';
import { ALARM_INSTANCES } from './set-up.ts';

const MINUTE = 60_000;
const ALARMS = 25;
const SHARE = 0.4;

/** In some runs there are rules, and alarms go off beside what producers put. */
export function scheduleAutomation(world: World): Automation | undefined {
  const { plan, scheduler } = world;
  const random = world.random.fork('alarms');
  if (!random.chance(SHARE)) return undefined;
  const automation = new Automation(world);
  for (let n = 0; n < ALARMS; n++) {
    const body = messageAt(random, random.between(plan.input.from, plan.input.to));
    const send = () => {
      if (body.isUnclear) automation.unclear++;
      automation.queue.send(body.text);
    };
    scheduler.at(body.at, 'an alarm goes off', send);
    if (!random.chance(0.3)) continue;
    const later = body.at + random.between(0, 10 * MINUTE);
    scheduler.at(later, 'an alarm is told again', () => {
      world.chaos.hit(50, 'later');
      send();
    });
  }
  return automation;
}

interface Message {
  at: number;
  text: string;
  /** Nothing that can be done can be read from it. */
  isUnclear?: boolean;
}

function messageAt(random: Random, at: number): Message {
  const name = random.pick(Object.keys(ALARM_INSTANCES));
  if (random.chance(0.1)) {
    const text = random.pick(['{', '[]', '{"AlarmName":"of nobody","NewStateValue":"ALARM"}']);
    return { at, text, isUnclear: true };
  }
  const instance = ALARM_INSTANCES[name];
  if (instance !== undefined && random.chance(0.2)) {
    const request = { id: `rule:${random.hex(8)}`, instance, by: { kind: 'rule' as const, name: 'another' } };
    return { at, text: requestMessage({ ...request, reason: 'because', at: new Date(at).toISOString() }) };
  }
  const NewStateValue = random.chance(0.8) ? 'ALARM' : 'OK';
  const StateChangeTime = new Date(at).toISOString().replace('Z', '+0000');
  return { at, text: JSON.stringify({ AlarmName: name, NewStateValue, NewStateReason: 'it is so', StateChangeTime }) };
}

/** How often a function is invoked for one tick: EventBridge invokes at least once. Source: EventBridge User Guide, "Rules". */
export function timesInvoked(random: Random): number {
  return random.chance(0.1) ? 2 : 1;
}

/** EventBridge's schedule, each minute in which a state is due; and once at the beginning, to wait for what never came. */
export function sweepRulesEveryMinute(
  world: World,
  { automation, until, skew }: { automation: Automation; until: number; skew: (random: Random) => number },
): void {
  const { scheduler } = world;
  const sweep = automation.sweepFunction(skew);
  const random = world.random.fork('the schedule of rules');
  const tick = () => {
    const due = [...automation.states.items()]
      .flatMap(({ due_at }) => (due_at === undefined ? [] : [String(due_at)]))
      .sort();
    const now = new Date(scheduler.now).toISOString();
    const [next] = due;
    if (automation.states.peek({ group: 'rule#quiet#all' }) === undefined || (next !== undefined && next <= now)) {
      for (let times = timesInvoked(random); times > 0; times--) sweep.invoke(undefined, () => undefined);
    }
    if (scheduler.now < until) scheduler.after(next === undefined ? 5 * MINUTE : MINUTE, 'the schedule of rules', tick);
  };
  scheduler.after(MINUTE, 'the schedule of rules', tick);
}

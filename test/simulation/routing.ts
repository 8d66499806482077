import { parseMatcher } from '../../shared/alerts/matcher.ts';
import { onlyLevelTopics, type Receivers } from '../../shared/alerts/outbox.ts';
import type { RouteSettings } from '../../shared/alerts/routing-tree.ts';
import { silenceDetails } from '../../shared/alerts/silence.ts';
import type { LogEvent } from '../../shared/events/event.ts';
import type { AlertPolicy } from '../../shared/runtime/alert-policy.ts';
import { alertPolicy, routingTree } from '../support/alert-events.ts';
import { type Parcel, partOf } from './input/parcel.ts';
import type { FunctionInstance } from './models/function-instance.ts';
import type { Plan } from './plan.ts';
import type { PlannedSilence } from './plan-alerts.ts';
import type { World } from './world.ts';

/** Of the route on which critical events are told to the pager, grouped by their source. */
export const PAGER_ROUTE = 'page';
const PAGER = 'pager:webhook:0';

/** Who hears of what in a run. */
export function policyOf({ windows, resolve, repeat, alerts }: Plan): AlertPolicy {
  const addresses = new Map([['pager', [PAGER]]]);
  const defaults = { groupInterval: windows, repeatInterval: repeat, resolveTimeout: resolve, addresses };
  const { isRouted, groupWait, repeatInterval, storm } = alerts;
  const page: RouteSettings = {
    name: PAGER_ROUTE,
    matchers: [parseMatcher('level=critical')],
    receiver: 'pager',
    continue: true,
    groupBy: ['source'],
    groupWait,
    ...(repeatInterval === undefined ? {} : { repeatInterval }),
  };
  return alertPolicy(routingTree(isRouted ? { routes: [page, {}] } : {}, defaults), { storm });
}

export function receiversFor(world: World, instance: FunctionInstance): Receivers {
  return new Map([...onlyLevelTopics(world.topics.publisher(instance)), [PAGER, world.pager.sender(instance)]]);
}

/** The records with which an operator silences, and ends it before its time. */
export function silenceParcels({
  id,
  source,
  at,
  from,
  to,
  endedAt,
}: PlannedSilence): { at: number; parcel: Parcel }[] {
  const iso = (milliseconds: number) => new Date(milliseconds).toISOString();
  const details = silenceDetails({
    id,
    matchers: [parseMatcher(`source=${source}`)],
    author: 'operator',
    reason: 'maintenance',
    startsAt: iso(from),
    endsAt: iso(to),
  });
  const made = { at, parcel: parcelOf('silence.created', at, details) };
  if (endedAt === undefined) return [made];
  return [made, { at: endedAt, parcel: parcelOf('silence.ended', endedAt, { silence: { id, author: 'operator' } }) }];
}

function parcelOf(type: string, at: number, details: unknown): Parcel {
  const event: LogEvent = {
    v: 1,
    id: `${type} of the operator`,
    type,
    time: new Date(at).toISOString(),
    level: 'info',
    source: 'sluice',
    message: type,
    details,
  };
  const truth = { parts: [partOf(event)] };
  return { kind: type, data: Buffer.from(JSON.stringify(event)), partitionKey: 'operator', truth, faults: [] };
}

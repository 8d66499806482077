import pMap from 'p-map';
import { type AlertGroup, settleAtSweep } from '../../shared/alerts/alert-group.ts';
import { deliverPending, type Receivers } from '../../shared/alerts/outbox.ts';
import { decidedAt, type Outbox, withoutAbandoned, withoutTaken } from '../../shared/alerts/pending.ts';
import { alertGroupProjection, DUE_BUCKET, WAITING_BUCKET } from '../../shared/alerts/projection.ts';
import {
  SILENCE_BUCKET,
  SILENCE_GRACE_MILLISECONDS,
  SILENCE_KEY,
  type SilenceState,
  settleSilence,
  silenceDecidedAt,
  silenceProjection,
} from '../../shared/alerts/silence.ts';
import { STORM_KEY, type Storm, settleStorm, stormDecidedAt, stormProjection } from '../../shared/alerts/storm.ts';
import { withRetry } from '../../shared/stream/backoff.ts';
import { describeFault } from '../../shared/stream/fault.ts';
import { updateGroup } from '../../shared/stream/fold-groups.ts';
import type { Clock, Item, Table } from '../../shared/stream/ports.ts';
import { readItems } from '../../shared/stream/table-calls.ts';
import { hardlyAskedWhenRefusing } from './refusing-receivers.ts';

export interface CloseWindowsPorts {
  alertGroups: Table;
  receivers: Receivers;
  clock: Clock;
}

export interface ClosedWindows {
  /** Groups, storms and silences that were due. */
  due: number;
  notices: number;
  /** Notices that still wait, by the address that did not take them. */
  refused: Record<string, number>;
  /** Notices that an address will never get: it took none for too long, or is no longer configured. */
  givenUp: number;
  /** Why notices wait or groups could not be written, each once. */
  reasons: string[];
}

/** Groups in one query. */
const PAGE = 100;
/** Groups written at a time: a write of some milliseconds each. */
const CONCURRENCY = 16;

/** Once a minute: closes the windows that are over, announces silences that are, and sends what is pending. */
export async function closeWindows(ports: CloseWindowsPorts, deadline: number): Promise<ClosedWindows> {
  const total: ClosedWindows = { due: 0, notices: 0, refused: {}, givenUp: 0, reasons: [] };
  const now = ports.clock.now();
  // Each asks anew: what one could not take of those that wait says little of what is due.
  const sweep = async (bucket: string, end: number, spans: readonly Span[]) => {
    const asked = { ...ports, receivers: hardlyAskedWhenRefusing(ports.receivers) };
    for (const span of spans) await sweepBucket({ bucket, span, now, deadline: end }, total, asked);
  };
  // Silences are few. What waits has half of the time, that no number of groups with a dead receiver holds up a summary.
  await sweep(SILENCE_BUCKET, deadline, [{ until: now - SILENCE_GRACE_MILLISECONDS }]);
  const middle = now - drawnAge(ports.clock);
  await sweep(WAITING_BUCKET, now + (deadline - now) / 2, [{ from: middle, until: now }, { until: middle }]);
  await sweep(DUE_BUCKET, deadline, [{ until: now }]);
  return total;
}

const MINUTE = 60_000;
/** Minutes of the week for which a notice waits at most. */
const LONGEST_AGE = 7 * 24 * 60;

/**
 * Where a run begins with what waits, in milliseconds before now. More may wait for a dead receiver than a run has time for:
 * each run begins at another age, as often among minutes as among days, so that everything has its turn in time.
 */
function drawnAge(clock: Pick<Clock, 'random'>): number {
  return MINUTE * LONGEST_AGE ** clock.random();
}

/** Of times at which something is due, milliseconds since 1970. */
interface Span {
  from?: number;
  until: number;
}

interface Sweep {
  bucket: string;
  span: Span;
  now: number;
  deadline: number;
}

async function sweepBucket({ bucket, span, now, deadline }: Sweep, total: ClosedWindows, ports: CloseWindowsPorts) {
  const to = new Date(span.until).toISOString();
  let from = span.from === undefined ? undefined : new Date(span.from).toISOString();
  while (ports.clock.now() < deadline) {
    const query = { index: 'byDue', partition: bucket, from, to, limit: PAGE };
    const due = await withRetry(() => ports.alertGroups.query(query), ports.clock);
    const keys = due.map(({ group }) => ({ group: group as string }));
    const items = await readItems(ports.alertGroups, keys, ports.clock);
    const settled = await settleDue(items, new Date(now).toISOString(), ports);
    total.due += due.length;
    total.notices += settled.notices;
    total.givenUp += settled.givenUp;
    for (const { address } of settled.refused) total.refused[address] = (total.refused[address] ?? 0) + 1;
    total.reasons = [...new Set([...total.reasons, ...settled.reasons])];
    const last = due.at(-1)?.due_at as string | undefined;
    // What was refused is still due: the next page starts after it, so that one dead topic holds up no other.
    if (due.length < PAGE || last === undefined) break;
    from = `${last}\u0000`;
  }
}

/** What stands in the table and can be due. */
type State = AlertGroup | Storm | SilenceState;

interface Kind {
  projection: typeof alertGroupProjection | typeof stormProjection | typeof silenceProjection;
  /** What is due by itself at a time. */
  settle(state: State, now: string): State;
  /** The latest at which one of its notices can have been decided, in milliseconds since 1970. */
  decidedAt(state: State): number;
}

const GROUP: Kind = {
  projection: alertGroupProjection,
  settle: (state, now) => settleAtSweep(state as AlertGroup, now),
  decidedAt: (state) => decidedAt(state as AlertGroup),
};
const STORM: Kind = {
  projection: stormProjection,
  settle: (state, now) => settleStorm(state as Storm, now),
  decidedAt: (state) => stormDecidedAt(state as Storm),
};
const SILENCE: Kind = {
  projection: silenceProjection,
  settle: (state, now) => settleSilence(state as SilenceState, now),
  decidedAt: (state) => silenceDecidedAt(state as SilenceState),
};

function kindOf({ group }: Item): Kind {
  if (String(group).startsWith(STORM_KEY)) return STORM;
  return String(group).startsWith(SILENCE_KEY) ? SILENCE : GROUP;
}

interface Settled {
  item: Item;
  state: State;
}

/** The very same where nothing was given up: a state that another run cleared meanwhile must not be written again. */
function withoutReported(state: State): State {
  if (state.givenUp === undefined) return state;
  const { givenUp: _, ...others } = state;
  return others;
}

async function settleDue(items: readonly Item[], now: string, ports: CloseWindowsPorts) {
  const { clock, alertGroups: table } = ports;
  const reasons: string[] = [];
  const update = async (item: Item, change: (state: State) => State): Promise<Settled | undefined> => {
    const projection = kindOf(item).projection as Parameters<typeof updateGroup<State>>[0];
    try {
      return await updateGroup(projection, item.group as string, { item, change }, { table, clock });
    } catch (fault) {
      // It is due again in a minute. One group that cannot be written holds up no other, nor what waits in it already.
      reasons.push(describeFault(fault));
      const state = projection.fromItem(item, clock.now());
      return state && { item, state };
    }
  };
  const sweep = (item: Item) => {
    const kind = kindOf(item);
    return update(item, (state) => {
      const due = kind.settle(state, now);
      return withoutAbandoned(due, kind.decidedAt(due), Date.parse(now));
    });
  };
  const settled = (await pMap(items, sweep, { concurrency: CONCURRENCY })).filter((one) => one !== undefined);
  const outboxes: Outbox[] = settled.map(({ state }) => state);
  const { taken, refused, unknown } = await deliverPending(outboxes, ports.receivers);
  const clear = (state: State) => withoutTaken(withoutReported(state), taken);
  const isDone = ({ state }: Settled) => state.givenUp || state.pending.some(({ id }) => taken.has(id));
  await pMap(settled.filter(isDone), ({ item }) => update(item, clear), { concurrency: CONCURRENCY });
  return {
    notices: taken.size,
    refused,
    givenUp: unknown.length + outboxes.reduce((sum, { givenUp = 0 }) => sum + givenUp, 0),
    reasons: [...refused.map(({ address, reason }) => `${address}: ${reason}`), ...reasons],
  };
}

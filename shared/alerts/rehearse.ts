import { type AlertEvent, type AlertGroup, dueAt, evolve, hide, settleAtSweep } from './alert-group.ts';
import { evolveInhibitor, type Inhibition, type Inhibitor, inhibits } from './inhibition.ts';
import type { Notice } from './notice.ts';
import { decideRoutes, LEVEL_TOPIC, type RouteDecision, type RoutingTree } from './routing-tree.ts';
import {
  evolveStorm,
  intoStorm,
  isInStorm,
  openingOf,
  outOfStorm,
  type Storm,
  type StormSettings,
  settleStorm,
  stormDueAt,
  stormEnd,
  stormKey,
} from './storm.ts';

/** An event as the stream brought it. */
export type ArrivedAlert = Omit<AlertEvent, 'way'>;

/** What decides who hears of what. */
export interface RehearsedPolicy {
  routing: RoutingTree;
  inhibition: Inhibition;
  storm: StormSettings;
}

/** Told of each notice, and the name of its receiver; the levels' topics count each as one. */
export type OnNotice = (receiver: string, notice: Notice) => void;

/** What may be due by itself, and the receiver of its route. */
type Kept = { receiver: string } & ({ group: AlertGroup; storm?: never } | { storm: Storm; group?: never });

const MINUTE = 60_000;

/**
 * Runs events through a configuration as the deployment would, by the same folding: each in the order of arrival, what is
 * due by itself looked for each minute, every receiver takes what it gets. Groups begin anew with the first event, and there
 * are no silences: they are made by people, not configured.
 */
export class AlertRehearsal {
  readonly #policy: RehearsedPolicy;
  readonly #onNotice: OnNotice;
  readonly #kept = new Map<string, Kept>();
  readonly #inhibitors = new Map<string, Inhibitor>();
  /** Keys by the minute in which they are due. Some are no more when it comes. */
  readonly #due = new Map<number, Set<string>>();
  #minute: number | undefined;

  constructor(policy: RehearsedPolicy, onNotice: OnNotice) {
    this.#policy = policy;
    this.#onNotice = onNotice;
  }

  take(alert: ArrivedAlert): void {
    this.#passTo(Math.floor(alert.arrivedAt / MINUTE));
    const isHidden = this.#isInhibited(alert);
    const time = Math.min(Date.parse(alert.event.time), alert.arrivedAt);
    for (const way of decideRoutes(alert, this.#policy.routing, time)) {
      if (isHidden) this.#hideWay(alert, way);
      else if (way.route.to.length > 0) this.#takeWay(alert, way);
    }
  }

  #hideWay(alert: ArrivedAlert, way: RouteDecision): void {
    const kept = this.#kept.get(way.group);
    if (kept?.group) this.#keep(way.group, { receiver: kept.receiver, group: hide(kept.group, alert) });
  }

  /** Lets the time pass until nothing is due any more: every window closes, and what was told to go on is over. */
  finish(): void {
    while (this.#due.size > 0) this.#sweep(Math.min(...this.#due.keys()));
  }

  #isInhibited(alert: ArrivedAlert): boolean {
    const { inhibition } = this.#policy;
    for (const source of inhibition.sourcesOf(alert)) {
      const before = this.#inhibitors.get(source.inhibitor);
      this.#inhibitors.set(source.inhibitor, evolveInhibitor(before, { ...alert, ...source }));
    }
    return inhibition.targetsOf(alert).some((key) => {
      const state = this.#inhibitors.get(key);
      return state !== undefined && inhibits(state, alert);
    });
  }

  #takeWay(alert: ArrivedAlert, way: RouteDecision): void {
    const { receiver } = way.route;
    const routed = { ...alert, way };
    const group = evolve(this.#kept.get(way.group)?.group, routed);
    this.#keep(way.group, { receiver, group: this.#countStorm(group, routed) });
  }

  /** Counts what the event opened by its source; the group as it is told when a storm tells of it. */
  #countStorm(group: AlertGroup, alert: AlertEvent): AlertGroup {
    const settings = this.#policy.storm;
    const kind = openingOf(group);
    if (settings.incidents === 0 || kind === undefined || group.window.openedBy !== alert.event.id) return group;
    const key = stormKey(alert);
    const storm = evolveStorm(this.#kept.get(key)?.storm, { ...alert, kind, settings });
    // What was named just now is known to the batch that named it, and each event is a batch here.
    const { justNamed: _, ...kept } = storm;
    this.#keep(key, { receiver: alert.way.route.receiver, storm: kept });
    if (isInStorm(storm, alert)) return intoStorm(group, { openedBy: alert.event.id, until: stormEnd(storm, alert) });
    return kind === 'repeat' ? outOfStorm(group) : group;
  }

  #passTo(minute: number): void {
    this.#minute ??= minute;
    while (this.#minute < minute) {
      this.#minute += 1;
      this.#sweep(this.#minute);
    }
  }

  #sweep(minute: number): void {
    const due = this.#due.get(minute);
    if (due === undefined) return;
    this.#due.delete(minute);
    const now = new Date(minute * MINUTE).toISOString();
    for (const key of due) {
      const kept = this.#kept.get(key);
      const settled = kept && settledAt(kept, now);
      // The very same was moved on since, and stands under another minute.
      if (settled && stateOf(settled) !== stateOf(kept)) this.#keep(key, settled, minute);
    }
  }

  #keep(key: string, kept: Kept, sweptAt = Number.NEGATIVE_INFINITY): void {
    for (const notice of stateOf(kept).pending) this.#onNotice(nameOf(kept.receiver, notice), notice);
    const sent = withoutPending(kept);
    this.#kept.set(key, sent);
    const due = sent.group ? dueAt(sent.group) : stormDueAt(sent.storm);
    if (due === undefined) return;
    // What is due in the past, of an event that came late, is due with the next look.
    const minute = Math.max(Math.ceil(Date.parse(due) / MINUTE), sweptAt + 1, (this.#minute ?? 0) + 1);
    this.#due.set(minute, (this.#due.get(minute) ?? new Set()).add(key));
  }
}

function stateOf(kept: Kept): AlertGroup | Storm {
  return kept.group ?? kept.storm;
}

function settledAt(kept: Kept, now: string): Kept {
  const { receiver } = kept;
  return kept.group
    ? { receiver, group: settleAtSweep(kept.group, now) }
    : { receiver, storm: settleStorm(kept.storm, now) };
}

function withoutPending(kept: Kept): Kept {
  if (stateOf(kept).pending.length === 0) return kept;
  const { receiver } = kept;
  const pending: [] = [];
  return kept.group ? { receiver, group: { ...kept.group, pending } } : { receiver, storm: { ...kept.storm, pending } };
}

function nameOf(receiver: string, { level }: Notice): string {
  return receiver === LEVEL_TOPIC ? `${LEVEL_TOPIC} ${level}` : receiver;
}

import { type AlertEvent, type AlertGroup, dueAt, evolve, settle } from './alert-group.ts';
import type { Notice } from './notice.ts';
import { decideRoutes, LEVEL_TOPIC, type RoutingTree } from './routing-tree.ts';

/** An event as the stream brought it. */
export type ArrivedAlert = Omit<AlertEvent, 'way'>;

/** Told of each notice, and the name of its receiver; the levels' topics count each as one. */
export type OnNotice = (receiver: string, notice: Notice) => void;

const MINUTE = 60_000;

/**
 * Runs events through a routing tree as the deployment would, by the same folding: each in the order of arrival, what is
 * due by itself looked for each minute, every receiver takes what it gets. Groups begin anew with the first event.
 */
export class AlertRehearsal {
  readonly #tree: RoutingTree;
  readonly #onNotice: OnNotice;
  readonly #groups = new Map<string, { group: AlertGroup; receiver: string }>();
  /** Groups by the minute in which they are due. Some are no more when it comes. */
  readonly #due = new Map<number, Set<string>>();
  #minute: number | undefined;

  constructor(tree: RoutingTree, onNotice: OnNotice) {
    this.#tree = tree;
    this.#onNotice = onNotice;
  }

  take(alert: ArrivedAlert): void {
    this.#passTo(Math.floor(alert.arrivedAt / MINUTE));
    const time = Math.min(Date.parse(alert.event.time), alert.arrivedAt);
    for (const way of decideRoutes(alert, this.#tree, time)) {
      if (way.route.to.length === 0) continue;
      const before = this.#groups.get(way.group)?.group;
      this.#keep(way.group, evolve(before, { ...alert, way }), way.route.receiver);
    }
  }

  /** Lets the time pass until nothing is due any more: every window closes, and what was told to go on is over. */
  finish(): void {
    while (this.#due.size > 0) this.#sweep(Math.min(...this.#due.keys()));
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
      const kept = this.#groups.get(key);
      const settled = kept && settle(kept.group, now);
      // The very same group was moved on since, and stands under another minute.
      if (settled && settled !== kept.group) this.#keep(key, settled, kept.receiver, minute);
    }
  }

  #keep(key: string, state: AlertGroup, receiver: string, sweptAt = Number.NEGATIVE_INFINITY): void {
    for (const notice of state.pending) this.#onNotice(nameOf(receiver, notice), notice);
    const group = state.pending.length === 0 ? state : { ...state, pending: [] };
    this.#groups.set(key, { group, receiver });
    const due = dueAt(group);
    if (due === undefined) return;
    // What is due in the past, of an event that came late, is due with the next look.
    const minute = Math.max(Math.ceil(Date.parse(due) / MINUTE), sweptAt + 1, (this.#minute ?? 0) + 1);
    this.#due.set(minute, (this.#due.get(minute) ?? new Set()).add(key));
  }
}

function nameOf(receiver: string, { level }: Notice): string {
  return receiver === LEVEL_TOPIC ? `${LEVEL_TOPIC} ${level}` : receiver;
}

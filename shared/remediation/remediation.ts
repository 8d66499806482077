import { factId, type Performed, type RemediationFact, type Requested } from './fact.ts';
import type { InstanceCall, InstanceId, Restart } from './instance.ts';
import type { Requester } from './request.ts';

/** Where a fact must still be told. */
export type Receiver = 'stream' | 'topic';

export interface Outgoing {
  fact: RemediationFact;
  to: Receiver[];
}

/** What comes next in a restart that is under way. */
export type Stage = 'stop' | 'start' | 'reboot' | 'check';

/** A call to EC2 that is about to be made, or was. `owner` tells whose it is when the answer to saving it was lost. */
export interface Claim {
  name: InstanceCall;
  at: string;
  owner: string;
}

export interface Current {
  request: string;
  by: Requester;
  restart: Restart;
  stage: Stage;
  /** When it was taken on, and when people are called if the instance is not running by then. ISO 8601, UTC. */
  since: string;
  giveUpAt: string;
  /** When the instance had been started before: it runs again when this has changed. */
  launchedAt: string;
  /** The last call to EC2. It is saved before it is made, so who finds it knows that it may have been made. */
  call?: Claim;
}

/**
 * The remediation of one instance: a fold over its facts. All requests for an instance meet in this one state, whose
 * conditional write lets one of them through.
 */
export interface Remediation {
  instance: InstanceId;
  /** Ids of requests that were decided, newest last. */
  requests: string[];
  /** When requests were taken on within the last day, newest last. */
  taken: string[];
  current?: Current;
  /** Facts that are decided and not yet known to be told. */
  outbox: Outgoing[];
}

/**
 * Requests that are remembered. One that is forgotten and comes again is older than `REQUEST_SECONDS` by then: an
 * instance would have to get all of these within that time.
 */
const REMEMBERED = 200;

export const DAY_MILLISECONDS = 86_400_000;

export function emptyRemediation(instance: InstanceId): Remediation {
  return { instance, requests: [], taken: [], outbox: [] };
}

export function evolve(state: Remediation, fact: RemediationFact, runningWithinSeconds: number): Remediation {
  const outbox = [...state.outbox, { fact, to: ['stream', 'topic'] satisfies Receiver[] as Receiver[] }];
  const requests = remember(state.requests, fact.request);
  switch (fact.type) {
    case 'remediation.requested': {
      const taken = [...state.taken.filter((at) => isWithinDay(at, fact.at)), fact.at];
      return {
        ...state,
        requests,
        taken,
        outbox,
        ...(fact.isDryRun ? {} : { current: begin(fact, runningWithinSeconds) }),
      };
    }
    case 'remediation.performed':
      return withCurrent({ ...state, requests, outbox }, fact.request, (current) => afterStep(current, fact));
    case 'remediation.failed':
      return withCurrent({ ...state, requests, outbox }, fact.request, () => undefined);
    default:
      return fact satisfies never;
  }
}

function remember(requests: string[], id: string): string[] {
  return requests.includes(id) ? requests : [...requests, id].slice(-REMEMBERED);
}

function isWithinDay(at: string, now: string): boolean {
  return Date.parse(now) - Date.parse(at) < DAY_MILLISECONDS;
}

function begin({ request, by, restart, at, launchedAt }: Requested, runningWithinSeconds: number): Current {
  const giveUpAt = new Date(Date.parse(at) + runningWithinSeconds * 1000).toISOString();
  return { request, by, restart, stage: restart === 'reboot' ? 'reboot' : 'stop', since: at, giveUpAt, launchedAt };
}

/** A fact of a request that is not the one under way leaves that one alone. */
function withCurrent(
  state: Remediation,
  request: string,
  change: (current: Current) => Current | undefined,
): Remediation {
  if (state.current?.request !== request) return state;
  const { current, ...rest } = state;
  const changed = change(current);
  return changed ? { ...rest, current: changed } : rest;
}

function afterStep(current: Current, { step }: Performed): Current | undefined {
  switch (step) {
    case 'stop':
      return { ...current, stage: 'start' };
    case 'start':
    case 'reboot':
      return { ...current, stage: 'check' };
    case 'running':
    case 'rehearsal':
      return undefined;
    default:
      return step satisfies never;
  }
}

/** Saves that a call is about to be made. */
export function claimCall(state: Remediation, call: Claim): Remediation {
  return state.current ? { ...state, current: { ...state.current, call } } : state;
}

/** A call that EC2 certainly did not take may be made again at once. */
export function dropCall(state: Remediation): Remediation {
  if (!state.current?.call) return state;
  const { call: _, ...current } = state.current;
  return { ...state, current };
}

/** Takes out of the outbox what a receiver has got. */
export function clearTold(state: Remediation, told: ReadonlyMap<Receiver, ReadonlySet<string>>): Remediation {
  const left = state.outbox.flatMap(({ fact, to }) => {
    const waiting = to.filter((receiver) => !told.get(receiver)?.has(factId(fact)));
    return waiting.length > 0 ? [{ fact, to: waiting }] : [];
  });
  const size = (outbox: readonly Outgoing[]) => outbox.reduce((sum, { to }) => sum + to.length, 0);
  return size(left) === size(state.outbox) ? state : { ...state, outbox: left };
}

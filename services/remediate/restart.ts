import {
  decideCalled,
  decideNext,
  decideRefused,
  decideSeen,
  decideUnseen,
  isUnderWay,
  type RemediationSettings,
} from '../../shared/remediation/decide.ts';
import { factId, type RemediationFact } from '../../shared/remediation/fact.ts';
import type { InstanceCall, InstanceId, Instances } from '../../shared/remediation/instance.ts';
import {
  claimCall,
  clearTold,
  dropCall,
  evolve,
  type Receiver,
  type Remediation,
} from '../../shared/remediation/remediation.ts';
import type { RemediationRequest } from '../../shared/remediation/request.ts';
import { backoffMilliseconds } from '../../shared/stream/backoff.ts';
import { Fault } from '../../shared/stream/fault.ts';
import type { Clock, SendFailure, Table } from '../../shared/stream/ports.ts';
import { loadRemediation, type Stored, saveRemediation } from './remediation-store.ts';

/** Tells facts, and answers those that could not be told, by index. Never rejects for what may pass. */
export type TellFacts = (facts: readonly RemediationFact[]) => Promise<SendFailure[]>;

export interface RestartPorts {
  ledger: Table;
  instances: Instances;
  tell: Readonly<Record<Receiver, TellFacts>>;
  clock: Clock;
  settings: RemediationSettings;
}

/** A request is settled when it needs no further look: it is done or refused, and all of it is told. */
export interface Restarted {
  isSettled: boolean;
  /** Why something could not be told or done this time, each once. */
  reasons: string[];
}

/** Steps of one look. A restart has six of them; the rest is for writers that are faster. */
const MOST_STEPS = 40;

/**
 * A call is made within so long of its claim, else not at all. Who finds the claim waits for longer than that, so a run
 * that was frozen in between cannot stop an instance that was started since.
 */
const CLAIM_MILLISECONDS = 10_000;

/**
 * Takes a request as far as it goes without waiting. Every decision is saved before it has an effect: a run that dies at
 * any point, comes twice or overlaps with another leaves the next one a state that it can go on from.
 */
export async function restart(request: RemediationRequest, ports: RestartPorts, deadline: number): Promise<Restarted> {
  const { clock, ledger } = ports;
  const reasons = new Set<string>();
  let stored: Stored | undefined;
  for (let step = 0; step < MOST_STEPS && clock.now() < deadline; step++) {
    if (stored === undefined && step > 0) await clock.sleep(backoffMilliseconds(0, clock));
    stored ??= await loadRemediation(ledger, request.instance, clock);
    const next = await takeStep(request, stored, { ...ports, reasons });
    if (next === 'resting') return { isSettled: isSettled(stored.state, request), reasons: [...reasons] };
    stored = next === 'conflict' ? undefined : next;
  }
  return { isSettled: false, reasons: [...reasons] };
}

function isSettled({ outbox, current }: Remediation, request: RemediationRequest): boolean {
  return outbox.length === 0 && current?.request !== request.id;
}

type StepPorts = RestartPorts & { reasons: Set<string> };
type StepResult = Stored | 'conflict' | 'resting';

async function takeStep(request: RemediationRequest, stored: Stored, ports: StepPorts): Promise<StepResult> {
  const facts = await decideRequest(request, stored.state, ports);
  if (facts.length > 0) return record(stored, facts, ports);
  const told = await tellOutbox(stored.state, ports);
  if (told !== stored.state) return save(stored, told, ports);
  const { state } = stored;
  if (!isUnderWay(state)) return 'resting';
  const instance = await ports.instances.find(state.instance);
  const next = decideNext(state, instance, ports.clock.now());
  if (next === 'wait') return 'resting';
  return 'fact' in next ? record(stored, [next.fact], ports) : call(stored, next.call, ports);
}

async function decideRequest(request: RemediationRequest, state: Remediation, ports: StepPorts) {
  const { clock, settings, instances } = ports;
  const unseen = decideUnseen(state, request, { settings, now: clock.now() });
  if (unseen === 'known') return [];
  if (unseen) return [unseen];
  const instance = await instances.find(request.instance);
  return decideSeen(request, instance, { settings, now: clock.now() });
}

function record(stored: Stored, facts: readonly RemediationFact[], ports: StepPorts): Promise<StepResult> {
  const { runningWithinSeconds } = ports.settings;
  const state = facts.reduce((soFar, fact) => evolve(soFar, fact, runningWithinSeconds), stored.state);
  return save(stored, state, ports);
}

async function save(stored: Stored, state: Remediation, { ledger, clock }: StepPorts): Promise<Stored | 'conflict'> {
  return (await saveRemediation(ledger, stored, { state, clock })) ?? 'conflict';
}

/** Tells what waits. What cannot be told waits on, and holds up nothing. */
async function tellOutbox(state: Remediation, { tell, reasons }: StepPorts): Promise<Remediation> {
  const told = new Map<Receiver, ReadonlySet<string>>();
  for (const receiver of ['stream', 'topic'] as const) {
    const facts = state.outbox.flatMap(({ fact, to }) => (to.includes(receiver) ? [fact] : []));
    if (facts.length === 0) continue;
    const refused = new Map((await tell[receiver](facts)).map(({ index, reason }) => [index, reason]));
    for (const reason of refused.values()) reasons.add(reason);
    told.set(receiver, new Set(facts.filter((_, index) => !refused.has(index)).map(factId)));
  }
  return clearTold(state, told);
}

async function call(stored: Stored, name: InstanceCall, ports: StepPorts): Promise<StepResult> {
  const { clock, instances, reasons } = ports;
  const start = clock.now();
  const claimed = await claim(stored, name, ports);
  if (claimed === 'conflict' || clock.now() - start >= CLAIM_MILLISECONDS) return 'conflict';
  const { state } = claimed;
  if (!isUnderWay(state)) return 'conflict';
  try {
    await instances.call(name, state.instance);
  } catch (fault) {
    reasons.add(describe(name, state.instance, fault));
    return afterFault(claimed, fault, ports);
  }
  const fact = decideCalled(state, name, clock.now());
  return fact ? record(claimed, [fact], ports) : claimed;
}

/** Saves that the call is about to be made. Only who saved it makes it, also when the answer to saving it was lost. */
async function claim(stored: Stored, name: InstanceCall, ports: StepPorts): Promise<Stored | 'conflict'> {
  const { clock, ledger } = ports;
  const owner = Math.floor(clock.random() * Number.MAX_SAFE_INTEGER).toString(36);
  const state = claimCall(stored.state, { name, at: new Date(clock.now()).toISOString(), owner });
  const saved = await saveRemediation(ledger, stored, { state, clock });
  if (saved) return saved;
  const found = await loadRemediation(ledger, state.instance, clock);
  return found.state.current?.call?.owner === owner ? found : 'conflict';
}

async function afterFault(claimed: Stored, fault: unknown, ports: StepPorts): Promise<StepResult> {
  const { state } = claimed;
  if (!(fault instanceof Fault) || !isUnderWay(state)) throw fault;
  switch (fault.code) {
    case 'denied':
    case 'invalid':
      return record(claimed, [decideRefused(state, fault.message, ports.clock.now())], ports);
    case 'throttled':
    case 'contended':
      await save(claimed, dropCall(state), ports);
      return 'resting';
    case 'unavailable':
    case 'resting':
    case 'missing':
    case 'out-of-time':
      // It may have been done. The claim stays, and the next look finds out.
      return 'resting';
    default:
      return fault.code satisfies never;
  }
}

function describe(name: InstanceCall, id: InstanceId, fault: unknown): string {
  return `${name} ${id}: ${fault instanceof Error ? fault.message : 'an unknown fault'}`;
}

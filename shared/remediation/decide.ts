import type { Cause, Failed, Performed, RemediationFact, Step } from './fact.ts';
import type { Instance, InstanceCall, Restart } from './instance.ts';
import { type Current, DAY_MILLISECONDS, type Remediation } from './remediation.ts';
import type { RemediationRequest } from './request.ts';

export interface RemediationSettings {
  /** Only instances that carry this tag are touched. */
  tag: { key: string; value: string };
  restart: Restart;
  isDryRun: boolean;
  /** An instance that was restarted is left alone for so long. */
  cooldownSeconds: number;
  /** Restarts of one instance within 24 hours. */
  maximumPerDay: number;
  /** People are called when the instance is not running again after so long. */
  runningWithinSeconds: number;
}

/** What a request was made for is another thing by then: one that waited longer than this is refused. */
export const REQUEST_SECONDS = 900;

/**
 * How long a call to EC2 may be on its way: an SDK call times out after five seconds and is tried twice. Whoever finds a
 * younger one waits for it.
 */
const CALL_MILLISECONDS = 30_000;

/**
 * EC2 answers of an instance's state from a copy that may lag behind. For so long after a call, a state that the call
 * should have ended is taken for the old one. Source: EC2 API reference, "Eventual consistency".
 */
const LAG_MILLISECONDS = 60_000;

/**
 * What is said of a request before the instance is looked at: nothing, since it was decided before (`known`); a refusal;
 * or undefined, when the instance must be looked at.
 */
export function decideUnseen(
  state: Remediation,
  request: RemediationRequest,
  { settings, now }: { settings: RemediationSettings; now: number },
): 'known' | Failed | undefined {
  if (state.requests.includes(request.id)) return 'known';
  const refuse = (cause: Cause, detail: string) => failed(request, { cause, detail, now });
  const age = Math.round((now - Date.parse(request.at)) / 1000);
  if (age > REQUEST_SECONDS)
    return refuse('too-old', `expected a request of the last ${REQUEST_SECONDS} s, got one of ${age} s ago`);
  const last = state.taken.at(-1);
  const since = last === undefined ? Number.POSITIVE_INFINITY : Math.round((now - Date.parse(last)) / 1000);
  if (state.current || since < settings.cooldownSeconds) {
    return refuse('cooldown', `expected at least ${settings.cooldownSeconds} s since the last restart, got ${since} s`);
  }
  const today = state.taken.filter((at) => now - Date.parse(at) < DAY_MILLISECONDS).length;
  if (today < settings.maximumPerDay) return undefined;
  return refuse('maximum', `expected at most ${settings.maximumPerDay} restarts in 24 hours, this would be one more`);
}

/** What is said of a request once the instance was looked at: it is taken on, or refused. */
export function decideSeen(
  request: RemediationRequest,
  instance: Instance | undefined,
  { settings, now }: { settings: RemediationSettings; now: number },
): [RemediationFact, ...RemediationFact[]] {
  const refuse = (cause: Cause, detail: string): [Failed] => [failed(request, { cause, detail, now })];
  if (!instance) return refuse('no-instance', 'expected an instance of this account and region, got none');
  const { key, value } = settings.tag;
  const carried = instance.tags.get(key);
  if (carried !== value) {
    return refuse(
      'not-allowed',
      `expected the tag ${key} = ${value}, got ${carried === undefined ? 'no such tag' : 'another value'}`,
    );
  }
  // One that a person has stopped is not started against them.
  if (instance.state !== 'running') return refuse('not-running', `expected it to be running, got ${instance.state}`);
  const { id, by, reason, instance: target } = request;
  const about = { instance: target, request: id, by, at: new Date(now).toISOString() };
  const { restart, isDryRun } = settings;
  const { launchedAt } = instance;
  const requested: RemediationFact = { type: 'remediation.requested', ...about, restart, reason, isDryRun, launchedAt };
  if (!isDryRun) return [requested];
  return [requested, { type: 'remediation.performed', ...about, step: 'rehearsal', isSure: true, seconds: 0 }];
}

type UnderWay = Remediation & { current: Current };

export function isUnderWay(state: Remediation): state is UnderWay {
  return state.current !== undefined;
}

/** What comes next in a restart: a fact, a call to EC2, or waiting. */
export type Next = { fact: RemediationFact } | { call: InstanceCall } | 'wait';

/** Decides from the instance as EC2 shows it now: undefined when there is none any more. */
export function decideNext(state: UnderWay, instance: Instance | undefined, now: number): Next {
  const { current } = state;
  if (!instance || instance.state === 'terminated' || instance.state === 'shutting-down') {
    return failUnderWay(state, {
      cause: 'gone',
      now,
      detail: `expected it to run again, got ${instance?.state ?? 'none'}`,
    });
  }
  if (current.stage === 'check' && instance.state === 'running') return { fact: performed(state, 'running', now) };
  if (now < Date.parse(current.giveUpAt)) return byStage(state, instance, now);
  const detail = `expected it to run again by ${current.giveUpAt}, got ${instance.state}`;
  return failUnderWay(state, { cause: 'not-running-again', now, detail });
}

function byStage(state: UnderWay, instance: Instance, now: number): Next {
  const { state: seen } = instance;
  const { stage } = state.current;
  switch (stage) {
    case 'stop':
      // One that a person has started since was stopped, though nobody heard of it (simulation, seed 6248).
      if (seen === 'stopping' || seen === 'stopped' || isStartedAgain(state, instance))
        return { fact: performed(state, 'stop', now) };
      return seen === 'running' ? callUnlessYoung(state, 'stop', now) : 'wait';
    case 'start':
      return toStart(state, instance, now);
    case 'reboot':
      return toReboot(state, now);
    case 'check':
      // It may fall back, such as for want of capacity.
      return seen === 'stopped' && callAge(state, now) >= LAG_MILLISECONDS ? { call: 'start' } : 'wait';
    default:
      return stage satisfies never;
  }
}

/** A reboot leaves no trace: it is asked for once, and one whose answer was lost is not asked for again. */
function toReboot(state: UnderWay, now: number): Next {
  if (!state.current.call) return { call: 'reboot' };
  if (callAge(state, now) < CALL_MILLISECONDS) return 'wait';
  return { fact: { ...performed(state, 'reboot', now), isSure: false } };
}

function toStart(state: UnderWay, instance: Instance, now: number): Next {
  const { call } = state.current;
  if (instance.state === 'stopped')
    return call?.name === 'start' ? callUnlessYoung(state, 'start', now) : { call: 'start' };
  return isStartedAgain(state, instance) ? { fact: performed(state, 'start', now) } : 'wait';
}

/**
 * What runs is the state from before the stop, which EC2 still shows, unless somebody has started it since. No clock can
 * tell them apart: those of two hosts may differ by more than EC2 lags behind (simulation, seed 236).
 */
function isStartedAgain({ current }: UnderWay, { state, launchedAt }: Instance): boolean {
  return state === 'pending' || (state === 'running' && launchedAt !== current.launchedAt);
}

function callUnlessYoung(state: UnderWay, call: InstanceCall, now: number): Next {
  return callAge(state, now) < CALL_MILLISECONDS ? 'wait' : { call };
}

function callAge({ current: { call } }: UnderWay, now: number): number {
  return call ? now - Date.parse(call.at) : Number.POSITIVE_INFINITY;
}

/** What EC2's answer to a call says. Starting again an instance that fell back is no step of its own. */
export function decideCalled(state: UnderWay, call: InstanceCall, now: number): Performed | undefined {
  return state.current.stage === call ? performed(state, call, now) : undefined;
}

/** EC2 will not do it, however often it is asked. */
export function decideRefused(state: UnderWay, detail: string, now: number): Failed {
  return failUnderWay(state, { cause: 'refused-by-ec2', detail, now }).fact;
}

function performed(state: UnderWay, step: Step, now: number): Performed {
  const seconds = Math.max(0, Math.round((now - Date.parse(state.current.since)) / 1000));
  return { type: 'remediation.performed', ...aboutCurrent(state, now), step, isSure: true, seconds };
}

function failUnderWay(state: UnderWay, { cause, detail, now }: { cause: Cause; detail: string; now: number }) {
  const fact: Failed = { type: 'remediation.failed', ...aboutCurrent(state, now), cause, detail };
  return { fact };
}

function aboutCurrent({ instance, current: { request, by } }: UnderWay, now: number) {
  return { instance, request, by, at: new Date(now).toISOString() };
}

function failed(
  { id, instance, by }: RemediationRequest,
  { cause, detail, now }: { cause: Cause; detail: string; now: number },
): Failed {
  return { type: 'remediation.failed', instance, request: id, by, at: new Date(now).toISOString(), cause, detail };
}

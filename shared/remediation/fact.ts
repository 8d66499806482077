import type { InstanceId, Restart } from './instance.ts';
import type { Requester } from './request.ts';

/** What every fact of a remediation says. */
interface About {
  instance: InstanceId;
  /** Id of the request. */
  request: string;
  by: Requester;
  /** ISO 8601, UTC. */
  at: string;
}

/** A request was taken on. One that is refused is a `remediation.failed` only. */
export interface Requested extends About {
  type: 'remediation.requested';
  restart: Restart;
  reason: string;
  isDryRun: boolean;
  /** When the instance had been started before. */
  launchedAt: string;
}

/** `stop`, `start`, `reboot`: EC2 took the call. `running`: the instance is running again. `rehearsal`: a dry run. */
export const STEPS = ['stop', 'start', 'reboot', 'running', 'rehearsal'] as const;
export type Step = (typeof STEPS)[number];

export interface Performed extends About {
  type: 'remediation.performed';
  step: Step;
  /** False for a reboot whose answer was lost: whether it was done cannot be known, and it is not asked for twice. */
  isSure: boolean;
  /** Seconds since the request was taken on. */
  seconds: number;
}

/** Why a request was refused, or a restart that was begun has failed. */
export const CAUSES = [
  'too-old',
  'no-instance',
  'not-allowed',
  'not-running',
  'cooldown',
  'maximum',
  'refused-by-ec2',
  'gone',
  'not-running-again',
] as const;
export type Cause = (typeof CAUSES)[number];

export interface Failed extends About {
  type: 'remediation.failed';
  cause: Cause;
  /** What was expected, and what came. */
  detail: string;
}

export type RemediationFact = Requested | Performed | Failed;

/**
 * Stable: the same fact has the same id however often it is told. A step is recorded once a request, so request and step
 * name it.
 */
export function factId(fact: RemediationFact): string {
  const { request } = fact;
  switch (fact.type) {
    case 'remediation.requested':
      return `${request}/requested`;
    case 'remediation.performed':
      return `${request}/${fact.step}`;
    case 'remediation.failed':
      return `${request}/failed`;
    default:
      return fact satisfies never;
  }
}

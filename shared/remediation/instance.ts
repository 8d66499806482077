declare const instanceIdBrand: unique symbol;

/** The id of an EC2 instance, such as `i-0123456789abcdef0`. */
export type InstanceId = string & { readonly [instanceIdBrand]: true };

/** Source: EC2 User Guide, "Resource IDs": 8 hexadecimal digits in old accounts, 17 since 2016. */
const FORM = /^i-(?:[0-9a-f]{8}|[0-9a-f]{17})$/;

/** The only way to make an instance id; nothing when the text is none. */
export function parseInstanceId(text: unknown): InstanceId | undefined {
  return typeof text === 'string' && FORM.test(text) ? (text as InstanceId) : undefined;
}

/** Source: EC2 API, `InstanceState`. */
export const INSTANCE_STATES = ['pending', 'running', 'stopping', 'stopped', 'shutting-down', 'terminated'] as const;
export type InstanceState = (typeof INSTANCE_STATES)[number];

export interface Instance {
  state: InstanceState;
  tags: ReadonlyMap<string, string>;
  /** When it was started last, as EC2 tells it: any text, which changes with each start. */
  launchedAt: string;
}

/** How an instance is restarted: stopped and started, which moves it to other hardware, or rebooted, which is quicker. */
export const RESTARTS = ['stop-start', 'reboot'] as const;
export type Restart = (typeof RESTARTS)[number];

/** What is called on an instance. */
export type InstanceCall = 'stop' | 'start' | 'reboot';

/**
 * The instances of an account, as far as a restart needs them. Calls reject with a `Fault`: `denied` when the role may
 * not touch the instance, `missing` when there is none, `contended` when its state does not allow the call now.
 */
export interface Instances {
  find(id: InstanceId): Promise<Instance | undefined>;
  /** Answers when EC2 has taken the call, not when it is done. Stopping what stops, and starting what starts, is no fault. */
  call(call: InstanceCall, id: InstanceId): Promise<void>;
}

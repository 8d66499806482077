import { z } from 'zod';
import type { RemediationSettings } from '../remediation/decide.ts';
import { type InstanceId, parseInstanceId, RESTARTS, type Restart } from '../remediation/instance.ts';
import { duration, flag, type Kind, setting, wholeNumber } from './configuration-values.ts';

/** `remediation` of the configuration. Without a tag nothing is deployed that could touch an instance. */
export type RemediationConfiguration = Omit<RemediationSettings, 'tag'> & {
  tag: RemediationSettings['tag'] | undefined;
  /** The instance that an alarm is for, by the alarm's name. Made from entries, so an alarm may be called `__proto__`. */
  alarms: Record<string, InstanceId>;
};

/** Keys to 128 and values to 256 characters. Source: EC2 User Guide, "Tag restrictions". */
const TAG = /^([\w.:/@+-]{1,128}) ?= ?([\w.:/@+ -]{1,256})$/;

const tag: Kind<RemediationSettings['tag']> = {
  expected: 'a tag as key=value',
  advice: 'write sluice-remediation=allowed, and put that tag on the instances that may be restarted',
  parse: (written) => {
    const [, key, value] = (typeof written === 'string' && TAG.exec(written.trim())) || [];
    return key !== undefined && value !== undefined ? { key, value } : undefined;
  },
};

const restart: Kind<Restart> = {
  expected: `one of ${RESTARTS.join(', ')}`,
  advice: 'stop-start moves the instance to other hardware, reboot is quicker',
  parse: (written) => RESTARTS.find((name) => name === written),
};

const INSTANCE = {
  expected: 'the id of an EC2 instance',
  advice: 'write it as EC2 shows it, such as i-0123456789abcdef0',
};

/** Not `z.record`, which drops an alarm called `__proto__`. */
const alarms = z
  .unknown()
  .optional()
  .transform((written, context): Record<string, InstanceId> => {
    if (typeof (written ?? {}) !== 'object' || Array.isArray(written)) {
      const advice = 'write one a line: the name of a CloudWatch alarm, a colon, and the id of its instance';
      context.addIssue({ code: 'custom', message: 'alarms with their instances', params: { advice } });
      return z.NEVER;
    }
    const entries = Object.entries(written ?? {}).map(([name, value]) => {
      const id = parseInstanceId(value);
      if (id) return [name, id] as const;
      context.addIssue({
        code: 'custom',
        path: [name],
        message: INSTANCE.expected,
        params: { advice: INSTANCE.advice },
      });
      return [name, z.NEVER] as const;
    });
    return Object.fromEntries(entries);
  });

/** The settings as people write them. */
export const remediationShape = {
  tag: setting<RemediationSettings['tag'] | undefined>(tag, undefined),
  restart: setting<Restart>(restart, 'stop-start'),
  dryRun: setting(flag, false),
  cooldown: setting(duration('1m', '7d'), 30 * 60),
  maximumPerDay: setting(wholeNumber(1, 100), 3),
  runningWithin: setting(duration('1m', '60m'), 10 * 60),
  alarms,
};

type Written = { [Name in keyof typeof remediationShape]: z.output<(typeof remediationShape)[Name]> };

export function remediationConfiguration(written: Written): RemediationConfiguration {
  const { tag: allowed, restart: how, dryRun, cooldown, maximumPerDay, runningWithin, alarms: instances } = written;
  return {
    tag: allowed,
    restart: how,
    isDryRun: dryRun,
    cooldownSeconds: cooldown,
    maximumPerDay,
    runningWithinSeconds: runningWithin,
    alarms: instances,
  };
}

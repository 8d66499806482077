import { type InstanceId, parseInstanceId } from '../../../shared/remediation/instance.ts';
import type { AlarmInstances } from '../../../shared/remediation/message.ts';
import type { Rule } from '../../../shared/rules/rule.ts';

const machine = (digit: string) => parseInstanceId(`i-${digit.repeat(17)}`) as InstanceId;
const ALLOWED = { 'sluice-remediation': 'allowed' };

/** Three that may be restarted, and two that may not. One more is asked for and not there. */
export const MACHINES: readonly { id: InstanceId; tags: Record<string, string> }[] = [
  { id: machine('a'), tags: ALLOWED },
  { id: machine('b'), tags: ALLOWED },
  { id: machine('c'), tags: { ...ALLOWED, Name: 'web' } },
  { id: machine('d'), tags: { Name: 'forbidden' } },
  { id: machine('e'), tags: { 'sluice-remediation': 'no' } },
];
const NOWHERE = machine('f');

export const ALARM_INSTANCES: AlarmInstances = Object.fromEntries(
  [...MACHINES.map(({ id }) => id), NOWHERE].map((id, n) => [`alarm ${n}`, id]),
);

/** Of what `input/log-events.ts` makes. */
export const RULES: readonly Rule[] = [
  {
    name: 'slow',
    match: [],
    extract: 'took {ms} ms',
    where: [{ name: 'ms', operator: '>', number: 2_000 }],
    condition: { kind: 'count', moreThan: 2, withinSeconds: 600 },
    by: [],
    level: 'error',
    restart: machine('a'),
  },
  {
    name: 'failing',
    match: [{ label: 'level', operator: '=~', value: 'error|critical' }],
    where: [],
    condition: { kind: 'count', moreThan: 5, withinSeconds: 300 },
    by: ['source'],
    level: 'warning',
  },
  {
    name: 'quiet',
    match: [{ label: 'source', operator: '=', value: 'orders' }],
    where: [],
    condition: { kind: 'absence', seconds: 1_800 },
    by: [],
    level: 'critical',
    restart: machine('b'),
  },
];

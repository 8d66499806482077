import { type RemediatePorts, remediate } from '../../services/remediate/remediate.ts';
import type { LogEvent } from '../../shared/events/event.ts';
import type { RemediationSettings } from '../../shared/remediation/decide.ts';
import type { RemediationFact } from '../../shared/remediation/fact.ts';
import { type InstanceId, type Instances, parseInstanceId } from '../../shared/remediation/instance.ts';
import { requestMessage } from '../../shared/remediation/message.ts';
import { eventOf, eventsOf } from '../../shared/remediation/report.ts';
import type { Clock, SendFailure } from '../../shared/stream/ports.ts';
import { ModelInstances, type ModelInstancesOptions } from '../simulation/models/model-instances.ts';
import { type Interceptor, interceptedTable } from './intercepted-table.ts';
import { manualClock } from './manual-clock.ts';
import { modelTables } from './model-tables.ts';

export const WEB = parseInstanceId('i-0123456789abcdef0') as InstanceId;
const SETTINGS: RemediationSettings = {
  tag: { key: 'sluice-remediation', value: 'allowed' },
  restart: 'stop-start',
  isDryRun: false,
  cooldownSeconds: 1_800,
  maximumPerDay: 3,
  runningWithinSeconds: 600,
};
export const ALLOWED = { 'sluice-remediation': 'allowed' };
const pass: Interceptor = (call) => call.proceed();

interface Run {
  between?: Interceptor;
  wrap?: (instances: Instances) => Instances;
  refuse?: ('stream' | 'topic')[];
  /** Of another host. */
  clock?: Clock;
}

/** A function that restarts instances, on models, with time that passes when told to. */
export function remediationWorld({
  settings = {},
  ...options
}: { settings?: Partial<RemediationSettings> } & Partial<ModelInstancesOptions> = {}) {
  const { ledger } = modelTables();
  const clock = manualClock();
  const instances = new ModelInstances({ stopTakes: 20_000, startTakes: 20_000, now: clock.now, ...options });
  instances.launch(WEB, { tags: ALLOWED });
  const streamed: LogEvent[] = [];
  const published: LogEvent[] = [];
  const take = (to: LogEvent[], events: LogEvent[], refused: boolean): SendFailure[] => {
    if (refused) return events.map((_, index) => ({ index, reason: 'denied: it failed' }));
    to.push(...events);
    return [];
  };
  const look = (
    bodies: string[],
    { between = pass, wrap = (port) => port, refuse = [], clock: own = clock }: Run = {},
  ) => {
    const ports: RemediatePorts = {
      ledger: interceptedTable(ledger, between),
      instances: wrap(instances.port()),
      clock: own,
      settings: { ...SETTINGS, ...settings },
      alarms: { 'slow responses': WEB },
      put: async (events: readonly LogEvent[]) => take(streamed, [...events], refuse.includes('stream')),
      tell: {
        stream: async (facts: readonly RemediationFact[]) =>
          take(streamed, facts.flatMap(eventsOf), refuse.includes('stream')),
        topic: async (facts: readonly RemediationFact[]) =>
          take(published, facts.map(eventOf), refuse.includes('topic')),
      },
    };
    const messages = bodies.map((body, n) => ({ id: `message-${n}`, body, sentAt: clock.now() }));
    return remediate(messages, ports, own.now() + 15_000);
  };
  /** Looks every half minute until the request is settled, as the queue does. */
  const until = async (body: string, run?: Run) => {
    for (let n = 0; n < 60; n++) {
      const { unsettled } = await look([body], run);
      if (unsettled.length === 0) return n + 1;
      clock.advance(30_000);
    }
    return Number.POSITIVE_INFINITY;
  };
  const ask = (id = 'r1', instance: InstanceId = WEB) => {
    const at = new Date(clock.now()).toISOString();
    return requestMessage({ id, instance, by: { kind: 'rule', name: 'slow' }, reason: '6 slow responses', at });
  };
  const steps = (events = published) =>
    events.map(({ attributes }) => attributes?.step ?? attributes?.cause ?? 'requested');
  const effective = () => instances.taken.filter(({ isEffective }) => isEffective).map(({ call }) => call);
  return { clock, instances, look, until, ask, steps, effective, streamed, published };
}

import type { Alarm } from './alarm.ts';
import { type Brings, type FunctionKey, functionMetric, queueMetric, topicMetric } from './metrics.ts';

const inFiveMinutes = { statistic: 'Sum', periodSeconds: 300 } as const;

const REMEDIATION_TOPICS = [
  { name: 'remediation', topic: 'RemediationTopic', consequence: 'a step of a restart to a subscription' },
  { name: 'remediation-alarms', topic: 'RemediationAlarmsTopic', consequence: 'an alarm that asks for a restart' },
] as const;

/** Whoever counts on a restart must hear when none is even tried. */
export function remediationAlarms({ tag }: Brings['remediation']): Alarm[] {
  if (tag === undefined) return [];
  return [
    {
      name: 'remediate-failing',
      description: 'remediate fails: restarts are not tried, or not looked after. Its log says why.',
      metric: functionMetric('remediate', 'Errors'),
      ...inFiveMinutes,
      limit: { atLeast: 3 },
    },
    lostCallAlarm('remediate', 'the restart that an alarm asked for by itself is not tried'),
    ...REMEDIATION_TOPICS.map(
      ({ name, topic, consequence }): Alarm => ({
        name: `${name}-topic-failures`,
        description: `SNS could not deliver ${consequence}: a queue, function or address that is subscribed refuses it.`,
        metric: topicMetric(topic, 'NumberOfNotificationsFailed'),
        ...inFiveMinutes,
        limit: { atLeast: 1 },
      }),
    ),
    {
      name: 'restarts-given-up',
      description: 'Nothing came of a request for a restart: the queue of failed requests holds it for 14 days.',
      metric: queueMetric('RemediationFailuresQueue', 'ApproximateNumberOfMessagesVisible'),
      statistic: 'Maximum',
      periodSeconds: 300,
      limit: { atLeast: 1 },
    },
  ];
}

/**
 * One call that was given up after its tries is enough: they are minutes apart, so their errors may fall on both sides of a
 * period. Source: Lambda Developer Guide, "Asynchronous invocation metrics".
 */
export function lostCallAlarm(key: FunctionKey, consequence: string): Alarm {
  return {
    name: `${key}-lost`,
    description: `Lambda gave up a call of ${key} after three tries: ${consequence}. Its log says why.`,
    metric: functionMetric(key, 'AsyncEventsDropped'),
    ...inFiveMinutes,
    limit: { atLeast: 1 },
  };
}

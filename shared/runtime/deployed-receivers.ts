import { levelTopics, type Receivers, type SendNotices } from '../alerts/outbox.ts';
import { receiversOf, type Senders } from '../alerts/receivers.ts';
import { LEVEL_TOPIC } from '../alerts/routing-tree.ts';
import { snsTopic, snsTopics } from '../aws/sns-topics.ts';
import { isLevel, LEVELS } from '../events/levels.ts';
import type { Clock } from '../stream/ports.ts';
import type { Configuration } from './configuration.ts';
import { requiredByLevel } from './environment.ts';
import { restingReceiver } from './resting-receiver.ts';

/**
 * The receivers of a deployment: the topics of the levels, and those that are configured. `rest`: for how many
 * milliseconds one that hangs is left alone. What few deployments use is loaded when it is used.
 */
export function deployedReceivers(
  { receivers }: Pick<Configuration['alerts'], 'receivers'>,
  { clock, rest }: { clock: Clock; rest: number },
): Receivers {
  const topicArns = requiredByLevel('TOPIC_ARN');
  const senders: Senders = {
    sns: ({ topic }) => snsTopic(isLevel(topic) ? topicArns[topic] : topic, clock),
    email: ({ to }) => loaded(async () => (await import('./deployed-email.ts')).deployedEmails(to, clock)),
    webhook: (receiver) =>
      loaded(async () => {
        const [{ webhookSender }, { secretReader }] = await Promise.all([
          import('./webhook-sender.ts'),
          import('../aws/secrets.ts'),
        ]);
        return webhookSender({ clock, secret: secretReader(clock) })(receiver);
      }),
    sqs: (receiver) => loaded(async () => (await import('../aws/sqs-notices.ts')).sqsNotices(clock)(receiver)),
  };
  const resting = (send: SendNotices) => restingReceiver(send, { clock, rest });
  const publish = snsTopics(topicArns, clock);
  // Each level's rests by itself: one topic that hangs silences none of the other four.
  const topics = new Map(LEVELS.map((level) => [level, resting((notices) => publish(level, notices))]));
  const configured = receiversOf(
    receivers.flatMap((one) => one.receivers),
    senders,
  );
  return new Map([
    [LEVEL_TOPIC, levelTopics((level, notices) => (topics.get(level) as SendNotices)(notices))],
    ...[...configured].map(([address, send]) => [address, resting(send)] as const),
  ]);
}

function loaded(load: () => Promise<SendNotices>): SendNotices {
  let loading: Promise<SendNotices> | undefined;
  return async (notices) => {
    loading ??= load();
    return (await loading)(notices);
  };
}

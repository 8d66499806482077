import { type Notice, subjectOf } from '../alerts/notice.ts';
import type { PublishNotices, SendNotices } from '../alerts/outbox.ts';
import type { Level } from '../events/levels.ts';
import type { Clock, SendChunk, SendFailure } from '../stream/ports.ts';
import { publishMessages, type TopicMessage } from '../stream/publish-messages.ts';
import { sns } from './sns-client.ts';
import { publishBatch, snsPublish } from './sns-publish.ts';

/** A topic that does not answer must not hold up a batch: what it refuses waits in the outbox. */
const ATTEMPTS = 3;

/** Publishes notices to the topic of their level. Messages are JSON; what a subscription filters by are attributes. */
export function snsTopics(topicArns: Readonly<Record<Level, string>>, clock: Clock): PublishNotices {
  return (level, notices) => publish(publishTo(topicArns[level]), notices, clock);
}

/** Publishes notices to one topic, of whatever region, as they are published to those of the levels. */
export function snsTopic(topicArn: string, clock: Clock): SendNotices {
  return (notices) => publish(snsPublish(topicArn), notices, clock);
}

function publishTo(topicArn: string): SendChunk<TopicMessage> {
  return (chunk) => publishBatch(sns, topicArn, chunk);
}

async function publish(
  send: SendChunk<TopicMessage>,
  notices: readonly Notice[],
  clock: Clock,
): Promise<SendFailure[]> {
  return (await publishMessages(notices.map(messageOf), { clock, attempts: ATTEMPTS, send })).unsent;
}

function messageOf(notice: Notice): TopicMessage {
  const { level, source, fingerprint, kind } = notice;
  const attributes = { level, source, fingerprint, kind };
  return { text: JSON.stringify(notice), subject: subjectOf(notice), attributes };
}

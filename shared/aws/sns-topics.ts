import { type Notice, subjectOf } from '../alerts/notice.ts';
import type { PublishNotices } from '../alerts/outbox.ts';
import type { Level } from '../events/levels.ts';
import type { Clock } from '../stream/ports.ts';
import { publishMessages } from '../stream/publish-messages.ts';
import { sns } from './sns-client.ts';
import { publishBatch } from './sns-publish.ts';

/** A topic that does not answer must not hold up a batch: what it refuses waits in the outbox. */
const ATTEMPTS = 3;

/** Publishes notices to the topic of their level. Messages are JSON; what a subscription filters by are attributes. */
export function snsTopics(topicArns: Readonly<Record<Level, string>>, clock: Clock): PublishNotices {
  return async (level, notices) => {
    const { unsent } = await publishMessages(notices.map(messageOf), {
      clock,
      attempts: ATTEMPTS,
      send: (chunk) => publishBatch(sns, topicArns[level], chunk),
    });
    return unsent;
  };
}

function messageOf(notice: Notice) {
  const { level, source, fingerprint, kind } = notice;
  const attributes = { level, source, fingerprint, kind };
  return { text: JSON.stringify(notice), subject: subjectOf(notice), attributes };
}

import { type Notice, subjectOf } from '../alerts/notice.ts';
import type { PublishNotices, SendNotices } from '../alerts/outbox.ts';
import { inertJson } from '../alerts/wording.ts';
import type { Level } from '../events/levels.ts';
import type { Clock, SendFailure } from '../stream/ports.ts';
import { publishMessages, type TopicMessage } from '../stream/publish-messages.ts';
import { callQuery } from './signed-call.ts';
import { writable } from './writable.ts';

/** A topic that does not answer must not hold up a batch: what it refuses waits in the outbox. */
const ATTEMPTS = 3;
const VERSION = '2010-03-31';

/** Publishes notices to the topic of their level. Messages are JSON; what a subscription filters by are attributes. */
export function snsTopics(topicArns: Readonly<Record<Level, string>>, clock: Clock): PublishNotices {
  return (level, notices) => snsTopic(topicArns[level], clock)(notices);
}

/** Publishes notices to one topic, of whatever region, as they are published to those of the levels. */
export function snsTopic(topicArn: string, clock: Clock): SendNotices {
  return async (notices) => {
    const send = (chunk: readonly TopicMessage[]) => publishBatch(topicArn, chunk);
    return (await publishMessages(notices.map(messageOf), { clock, attempts: ATTEMPTS, send })).unsent;
  };
}

function messageOf(notice: Notice): TopicMessage {
  const { level, source, fingerprint, kind } = notice;
  const attributes = { level, source, fingerprint, kind };
  return { text: inertJson(notice), subject: subjectOf(notice), attributes };
}

/** PublishBatch, one call. Source: SNS API reference, PublishBatch; lists are numbered from 1. */
async function publishBatch(topicArn: string, messages: readonly TopicMessage[]): Promise<SendFailure[]> {
  const [, , , region = ''] = topicArn.split(':');
  const parameters: Record<string, string> = { TopicArn: topicArn };
  for (const [index, message] of messages.entries()) {
    Object.assign(parameters, entryParameters(`PublishBatchRequestEntries.member.${index + 1}`, index, message));
  }
  return failuresIn(await callQuery('sns', 'PublishBatch', { version: VERSION, parameters, region }));
}

function entryParameters(entry: string, index: number, { text, subject = '', attributes = {} }: TopicMessage) {
  const parameters: Record<string, string> = {
    [`${entry}.Id`]: String(index),
    [`${entry}.Subject`]: subject,
    [`${entry}.Message`]: writable(text),
  };
  for (const [place, [name, value]] of Object.entries(attributes).entries()) {
    const attribute = `${entry}.MessageAttributes.entry.${place + 1}`;
    parameters[`${attribute}.Name`] = name;
    parameters[`${attribute}.Value.DataType`] = 'String';
    parameters[`${attribute}.Value.StringValue`] = writable(value);
  }
  return parameters;
}

/** What the call as a whole took and yet refused entries of. */
function failuresIn(xml: string): SendFailure[] {
  const failed = /<Failed>([\s\S]*?)<\/Failed>/.exec(xml)?.[1] ?? '';
  return failed.split('</member>').flatMap((member) => {
    const part = (name: string) => new RegExp(`<${name}>([^<]*)</${name}>`).exec(member)?.[1] ?? '';
    return part('Id') === '' ? [] : [{ index: Number(part('Id')), reason: `${part('Code')}: ${part('Message')}` }];
  });
}

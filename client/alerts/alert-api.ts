import type { Level } from '../../shared/events/levels.ts';
import type { PublishToTopic } from '../../shared/stream/publish-messages.ts';

/** Something that people or programs are to be told at once. */
export interface Alert {
  /** How it is told. */
  channel: 'sns';
  /** Not empty. Over 249 KiB of UTF-8 it is cut, and marked as cut: SNS takes 256 KiB. */
  message: string;
  /** The SNS topics that get it, 1 to 100, in any region. One named twice gets it once. FIFO topics are not told. */
  topicArns: readonly string[];
  /** Of emails: made plain ASCII on one line of at most 99 characters. Default: the level and the message's first line. */
  subject?: string;
  /** Goes along as the message attribute `level`, which subscriptions filter by. Default: none. */
  level?: Level;
}

export const ALERT_ISSUE_CODES = [
  /** An option cannot be used. */
  'bad-option',
  /** The alert, or a part of it, cannot be understood. */
  'bad-alert',
  /** What is named is no ARN of a standard SNS topic. */
  'bad-topic',
  /** The topic is not on the application's list. */
  'not-allowed',
  /** The message was too long: it was sent cut. */
  'cut',
  /** The topic did not take it. */
  'not-sent',
] as const;
export type AlertIssueCode = (typeof ALERT_ISSUE_CODES)[number];

/** Something that went wrong with an alert and was not thrown. */
export interface AlertIssue {
  code: AlertIssueCode;
  /** What was expected, what came. Nothing of the alert's message. */
  message: string;
  /** The topic concerned; missing when all are. */
  topicArn?: string;
}

/** What became of an alert. */
export interface AlertOutcome<Given = Alert> {
  /** The alert as it was given. */
  alert: Given;
  /** Topics that took it, in the order of `topicArns`. */
  sent: string[];
  /** What went wrong, topic by topic. Empty: all of them took it whole. */
  issues: AlertIssue[];
}

export interface SendAlertsOptions {
  /** Topics that may be told, each an ARN, or the beginning of ARNs with a `*` at its end. Default: any. */
  allowedTopicArns?: readonly string[];
  /** Milliseconds after which no call is begun any more; one that runs may take ten seconds longer. Default: 10,000. */
  timeout?: number;
  /** Publishes in one call. Default: PublishBatch in the topic's region. */
  publish?: PublishToTopic;
}

import { isLevel, LEVELS, type Level } from '../../shared/events/levels.ts';
import { cutText, cutUnits } from '../../shared/events/limits.ts';
import { LONGEST_TEXT_BYTES, type TopicMessage } from '../../shared/stream/publish-messages.ts';
import { textOfThrown } from '../plain-value.ts';
import type { AlertIssue, AlertIssueCode } from './alert-api.ts';
import { asciiSubject, subjectOfMessage } from './alert-subject.ts';
import { type AllowsTopic, isTopicArn } from './topic-arn.ts';

/** What can be sent of an alert. */
export interface CheckedAlert {
  message: TopicMessage;
  topicArns: string[];
}

const MOST_TOPICS = 100;
const SHOWN_CHARACTERS = 300;

/** Any value of a caller in a few words. */
function shown(value: unknown): string {
  return cutUnits(typeof value === 'string' ? JSON.stringify(value) : textOfThrown(value), SHOWN_CHARACTERS).text;
}

/**
 * Reads an alert as somebody without types gives it. Adds to `issues` what is wrong with it; answers what can be sent all
 * the same, undefined when nothing can. Throws what a getter of the alert throws.
 */
export function checkAlert(alert: unknown, allows: AllowsTopic, issues: AlertIssue[]): CheckedAlert | undefined {
  const complain = (code: AlertIssueCode, message: string, topicArn?: string) => {
    issues.push({ code, message, ...(topicArn === undefined ? {} : { topicArn }) });
  };
  if (typeof alert !== 'object' || alert === null) {
    complain('bad-alert', `expected {channel, message, topicArns}, got ${shown(alert)}`);
    return undefined;
  }
  const { channel, message, topicArns, subject, level } = alert as Readonly<Record<string, unknown>>;
  if (channel !== 'sns') complain('bad-alert', `expected channel "sns", got ${shown(channel)}`);
  const text = readText(message, complain);
  const topics = readTopics(topicArns, allows, complain);
  if (channel !== 'sns' || text === undefined || topics.length === 0) return undefined;
  const known = readLevel(level, complain);
  const line = readSubject(subject, complain) ?? subjectOfMessage(text, known);
  return {
    topicArns: topics,
    message: {
      text,
      ...(line === undefined ? {} : { subject: line }),
      ...(known === undefined ? {} : { attributes: { level: known } }),
    },
  };
}

type Complain = (code: AlertIssueCode, message: string, topicArn?: string) => void;

function readText(message: unknown, complain: Complain): string | undefined {
  if (typeof message !== 'string' || message.trim() === '') {
    // Not what it is: a message is told to its topics, not to whoever reads the log.
    complain('bad-alert', `expected a message, a text that is not empty, got ${kindOf(message)}`);
    return undefined;
  }
  const { text, cut } = cutText(message.toWellFormed(), LONGEST_TEXT_BYTES);
  if (cut) complain('cut', `expected a message of at most ${LONGEST_TEXT_BYTES} bytes of UTF-8: it is sent cut`);
  return text;
}

const kindOf = (value: unknown) => (typeof value === 'string' ? 'an empty one' : `a value of type ${typeof value}`);

function readTopics(topicArns: unknown, allows: AllowsTopic, complain: Complain): string[] {
  if (!Array.isArray(topicArns) || topicArns.length === 0 || topicArns.length > MOST_TOPICS) {
    const came = Array.isArray(topicArns) ? `${topicArns.length}` : shown(topicArns);
    complain('bad-alert', `expected topicArns, a list of 1 to ${MOST_TOPICS} ARNs of SNS topics, got ${came}`);
    return [];
  }
  return [...new Set(topicArns as unknown[])].filter((topicArn): topicArn is string => {
    if (!isTopicArn(topicArn)) {
      complain(
        'bad-topic',
        'expected the ARN of a standard SNS topic, arn:aws:sns:REGION:ACCOUNT:NAME',
        shown(topicArn),
      );
    } else if (!allows(topicArn)) {
      complain('not-allowed', 'expected a topic of allowedTopicArns', topicArn);
    } else return true;
    return false;
  });
}

function readLevel(level: unknown, complain: Complain): Level | undefined {
  if (level === undefined || isLevel(level)) return level;
  complain('bad-alert', `expected level, one of ${LEVELS.join(', ')}, got ${shown(level)}: it is sent without`);
  return undefined;
}

function readSubject(subject: unknown, complain: Complain): string | undefined {
  if (subject === undefined) return undefined;
  const line = typeof subject === 'string' ? asciiSubject(subject) : undefined;
  if (line === undefined) complain('bad-alert', `expected subject, a text, got ${shown(subject)}: it has another`);
  return line;
}

/** An ARN is at most so long, with the longest name of a topic. Source: SNS API, CreateTopic. */
const LONGEST_ARN = 400;
/** The region becomes part of a host name: nothing but what regions are made of may stand there. */
const STANDARD_TOPIC = /^arn:aws[a-z-]{0,16}:sns:[a-z]{2}(?:-[a-z]{1,16}){1,3}-\d{1,2}:\d{12}:[A-Za-z0-9_-]{1,256}$/;
const MOST_ALLOWED = 1_000;

export function isTopicArn(value: unknown): value is string {
  return typeof value === 'string' && value.length <= LONGEST_ARN && STANDARD_TOPIC.test(value);
}

/** Whether a topic may be told. */
export type AllowsTopic = (topicArn: string) => boolean;

/** Reads the list of topics that may be told; undefined when it is none, so that a slip in it opens nothing. */
export function readAllowed(list: unknown): AllowsTopic | undefined {
  if (list === undefined) return () => true;
  if (!Array.isArray(list) || list.length > MOST_ALLOWED) return undefined;
  const entries = list.map(readEntry);
  if (entries.some((entry) => entry === undefined)) return undefined;
  return (topicArn) => entries.some((allows) => allows?.(topicArn));
}

function readEntry(entry: unknown): AllowsTopic | undefined {
  if (typeof entry !== 'string' || !entry.startsWith('arn:') || entry.length > LONGEST_ARN) return undefined;
  if (!entry.endsWith('*')) return (topicArn) => topicArn === entry;
  const start = entry.slice(0, -1);
  return start.includes('*') ? undefined : (topicArn) => topicArn.startsWith(start);
}

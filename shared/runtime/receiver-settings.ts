import type { Receiver, SecretName, WebhookFormat } from '../alerts/receivers.ts';
import { WEBHOOK_FORMATS } from '../alerts/receivers.ts';
import { LEVELS, type Level } from '../events/levels.ts';
import { addresses, duration, type Kind } from './configuration-values.ts';
import { groupOf, kindOf, listOf, type Parse } from './settings-parser.ts';
import { name } from './time-interval-settings.ts';

/** A name, and where what is sent to it goes. */
export interface NamedReceiver {
  name: string;
  receivers: Receiver[];
}

const MOST = 20;
const TOPIC_ARN = /^arn:[\w-]+:sns:[\w-]+:\d{12}:[\w-]{1,256}$/;
const QUEUE_ARN = /^arn:[\w-]+:sqs:[\w-]+:\d{12}:[\w-]{1,80}(\.fifo)?$/;
const SECRET = /^(?:ssm:\/[\w./-]{1,500}|secretsmanager:[\w/+=.@-]{1,512}|env:[A-Za-z_]\w{0,100})$/;

const topic: Kind<Level | `arn:${string}`> = {
  expected: `a level (${LEVELS.join(', ')}), whose own topic is meant, or the ARN of a standard topic`,
  advice: 'write critical, or arn:aws:sns:eu-central-1:123456789012:name',
  parse: (written) =>
    LEVELS.find((level) => level === written) ??
    (typeof written === 'string' && TOPIC_ARN.test(written) ? (written as `arn:${string}`) : undefined),
};

const queue: Kind<string> = {
  expected: 'the ARN of a queue',
  advice: 'write it like arn:aws:sqs:eu-central-1:123456789012:name',
  parse: (written) => (typeof written === 'string' && QUEUE_ARN.test(written) ? written : undefined),
};

/** Where a secret is kept; the secret itself never stands in the configuration. */
export const secret: Kind<SecretName> = {
  expected: 'where a secret is kept',
  advice: 'write ssm:/sluice/webhook, secretsmanager:name or env:NAME; the secret itself never stands in this file',
  parse: (written) => (typeof written === 'string' && SECRET.test(written) ? (written as SecretName) : undefined),
};

const url: Kind<string> = {
  expected: 'an address that begins with https://, without user and password',
  advice: "an address that is a secret itself, such as Slack's, belongs into url_from",
  parse: (written) => {
    const parsed = typeof written === 'string' && written.length <= 2_000 ? URL.parse(written) : null;
    return parsed?.protocol === 'https:' && parsed.username === '' && parsed.password === '' ? parsed.href : undefined;
  },
};

const format: Kind<WebhookFormat> = {
  expected: `one of ${WEBHOOK_FORMATS.join(', ')}`,
  advice: 'sluice sends the notices as JSON',
  parse: (written) => WEBHOOK_FORMATS.find((one) => one === written),
};

const list = <T>(parse: Parse<T>, of: string) => listOf(parse, { most: MOST, of });

const sns = groupOf({ topic: kindOf(topic) }, { required: ['topic'] });
const email = groupOf({ to: kindOf(addresses) }, { required: ['to'] });
type Email = NonNullable<ReturnType<typeof email>>;

/** Every address in it is a place. */
const emails: Parse<Email[]> = (written, path, report) => {
  const read = list(email, 'emails')(written, path, report);
  const to = (read ?? []).flatMap((one) => one.to ?? []);
  if (to.length > MOST) report(path, `at most ${MOST} addresses`, 'write fewer, or the address of a mailing list');
  return read;
};

const sqs = groupOf({ queue_arn: kindOf(queue) }, { required: ['queue_arn'] });
const webhook = groupOf({
  url: kindOf(url),
  url_from: kindOf(secret),
  secret_from: kindOf(secret),
  format: kindOf(format),
  timeout: kindOf(duration('1s', '10s')),
});

type Webhook = NonNullable<ReturnType<typeof webhook>>;

const completeWebhook: Parse<Webhook> = (written, path, report) => {
  const read = webhook(written, path, report);
  if (!read) return undefined;
  const own = written as Record<string, unknown>;
  if ((own.url === undefined) === (own.url_from === undefined))
    report(path, 'either url or url_from', 'write one of the two');
  if (own.secret_from === undefined && read.format !== 'slack') {
    report(
      path,
      'secret_from',
      'it names the key that notices are signed with: the receiver must be able to tell them from others',
    );
  }
  return read;
};

/** `alerts.receivers`. */
export const receivers: Parse<NamedReceiver[]> = list((written, path, report) => {
  const shape = {
    name: kindOf(name),
    sns: list(sns, 'topics'),
    email: emails,
    webhook: list(completeWebhook, 'webhooks'),
    sqs: list(sqs, 'queues'),
  };
  const read = groupOf(shape, { required: ['name'] })(written, path, report);
  if (read?.name === undefined) return undefined;
  return { name: read.name, receivers: addressed(read.name, read) };
}, 'receivers');

interface Lists {
  sns?: ReturnType<typeof sns>[];
  email?: ReturnType<typeof emails>;
  webhook?: ReturnType<typeof webhook>[];
  sqs?: ReturnType<typeof sqs>[];
}

function addressed(owner: string, lists: Lists): Receiver[] {
  const address = (kind: Receiver['kind'], place: number) => `${owner}:${kind}:${place}`;
  return [
    ...(lists.sns ?? []).flatMap((one, n): Receiver[] =>
      one?.topic ? [{ address: address('sns', n), kind: 'sns', topic: one.topic }] : [],
    ),
    ...(lists.email ?? []).flatMap((one, n) => emailsOf(address('email', n), one?.to ?? [])),
    ...(lists.webhook ?? []).flatMap((one, n): Receiver[] => (one ? [webhookOf(address('webhook', n), one)] : [])),
    ...(lists.sqs ?? []).flatMap((one, n): Receiver[] =>
      one?.queue_arn ? [{ address: address('sqs', n), kind: 'sqs', queueArn: one.queue_arn }] : [],
    ),
  ];
}

/**
 * An outbox for each: one who gets no emails holds up no other, nor has another get a notice again. The first goes by the
 * name of the place alone, as all of them did together before: what waits there in a stored outbox still finds it.
 */
function emailsOf(address: string, to: readonly string[]): Receiver[] {
  return to.map((one, n) => ({ address: n === 0 ? address : `${address}:${n}`, kind: 'email', to: [one] }));
}

const TIMEOUT = 5;

function webhookOf(address: string, one: Webhook): Receiver {
  return {
    address,
    kind: 'webhook',
    format: one.format ?? 'sluice',
    timeoutSeconds: one.timeout ?? TIMEOUT,
    ...(one.url === undefined ? {} : { url: one.url }),
    ...(one.url_from === undefined ? {} : { urlFrom: one.url_from }),
    ...(one.secret_from === undefined ? {} : { secretFrom: one.secret_from }),
  };
}

import type { Level } from '../events/levels.ts';
import type { Receivers, SendNotices } from './outbox.ts';

/** One place that notices are sent to. A receiver of the configuration is a list of these under one name. Plain JSON. */
export type Receiver = SnsReceiver | EmailReceiver | WebhookReceiver | SqsReceiver;

interface Addressed {
  /** `<receiver>:<kind>:<place in its list>`, then `:<n>` for all but the first address of an email: what an outbox remembers. */
  address: string;
}

export interface SnsReceiver extends Addressed {
  kind: 'sns';
  /** A level's own topic, or an ARN. */
  topic: Level | `arn:${string}`;
}

export interface EmailReceiver extends Addressed {
  kind: 'email';
  /** The one of this place; those of a configuration that was deployed earlier may stand together. */
  to: readonly string[];
}

export interface WebhookReceiver extends Addressed {
  kind: 'webhook';
  /** Exactly one of the two: the address itself, or where it is kept, for addresses that are secrets. */
  url?: string;
  urlFrom?: SecretName;
  /** Where the key of its signature is kept. */
  secretFrom?: SecretName;
  format: WebhookFormat;
  timeoutSeconds: number;
}

export interface SqsReceiver extends Addressed {
  kind: 'sqs';
  queueArn: string;
}

export const WEBHOOK_FORMATS = ['sluice', 'slack'] as const;
export type WebhookFormat = (typeof WEBHOOK_FORMATS)[number];

/** `ssm:/path`, `secretsmanager:name` or `env:NAME`. */
export type SecretName = `${'ssm' | 'secretsmanager' | 'env'}:${string}`;

/** How notices are sent to a receiver, for each kind. */
export type Senders = { [Kind in Receiver['kind']]: (receiver: Extract<Receiver, { kind: Kind }>) => SendNotices };

/** The senders of all receivers, each made when it is first used. */
export function receiversOf(configured: readonly Receiver[], senders: Senders): Receivers {
  return new Map(configured.map((receiver) => [receiver.address, firstUse(() => senderOf(receiver, senders))]));
}

function senderOf(receiver: Receiver, senders: Senders): SendNotices {
  switch (receiver.kind) {
    case 'sns':
      return senders.sns(receiver);
    case 'email':
      return senders.email(receiver);
    case 'webhook':
      return senders.webhook(receiver);
    case 'sqs':
      return senders.sqs(receiver);
    default:
      return receiver satisfies never;
  }
}

function firstUse(make: () => SendNotices): SendNotices {
  let made: SendNotices | undefined;
  return (notices) => {
    made ??= make();
    return made(notices);
  };
}

import { createHash } from 'node:crypto';
import { LEVELS, type Level } from '../shared/events/levels.ts';
import { addresses } from '../shared/runtime/configuration-values.ts';
import { arnOf, capitalized, type Resources, ref } from './template.ts';

/** A topic per level, each with its policy, its subscription of the notices queue and those of people. */
export function topics(stage: string, emails: Record<Level, string[]>): Resources {
  return Object.assign({}, ...LEVELS.map((level) => topic(stage, level, emails[level])));
}

function topic(stage: string, level: Level, emails: string[]): Resources {
  const id = `${capitalized(level)}Topic`;
  const email = emails.map((address) => [
    // The address makes the id, so that one address taken out of the list does not subscribe all after it anew.
    `${id}Email${createHash('sha256').update(address).digest('hex').slice(0, 12)}`,
    { Type: 'AWS::SNS::Subscription', Properties: { TopicArn: ref(id), Protocol: 'email', Endpoint: address } },
  ]);
  return {
    [id]: {
      Type: 'AWS::SNS::Topic',
      Properties: {
        TopicName: `sluice-${stage}-${level}`,
        DisplayName: `Sluice ${stage} ${level}`,
        KmsMasterKeyId: 'alias/aws/sns',
      },
    },
    [`${id}Policy`]: {
      Type: 'AWS::SNS::TopicPolicy',
      Properties: { Topics: [ref(id)], PolicyDocument: tlsOnly(id) },
    },
    [`${id}ToQueue`]: {
      Type: 'AWS::SNS::Subscription',
      Properties: {
        TopicArn: ref(id),
        Protocol: 'sqs',
        Endpoint: arnOf('NoticesQueue'),
        RawMessageDelivery: true,
      },
    },
    ...Object.fromEntries(email),
  };
}

/** Who may publish is said by the functions' roles alone: a role of another account is refused for want of an Allow here. */
function tlsOnly(id: string) {
  return {
    Version: '2012-10-17',
    Statement: [
      {
        Sid: 'OnlyOverTls',
        Effect: 'Deny',
        Principal: '*',
        Action: 'sns:Publish',
        Resource: ref(id),
        Condition: { Bool: { 'aws:SecureTransport': 'false' } },
      },
    ],
  };
}

/** The addresses of a deployment parameter such as `--param "criticalEmails=a@example.org,b@example.org"`. */
export function parseAddresses(name: string, written: string): string[] {
  const list = written.split(',').map((one) => one.trim());
  const parsed = addresses.parse(list.filter((one) => one !== ''));
  if (parsed) return parsed;
  throw new Error(
    `Expected --param "${name}=a@example.org,b@example.org", got "${written}"; separate addresses by a comma`,
  );
}

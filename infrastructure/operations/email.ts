import type { EmailConfiguration } from '../../shared/runtime/email-settings.ts';
import { secretPermissions } from '../receivers.ts';
import { arnOf, type Resources, ref } from '../template.ts';

/** The functions that send notices. */
const SENDERS = ['RouteAlertsRole', 'CloseWindowsRole'];

/** What is refused becomes an event. */
const PUT_REFUSALS = { Effect: 'Allow', Action: 'kinesis:PutRecords', Resource: arnOf('Stream') };

/** What SES tells of an email: it came back, was marked as spam, was refused, waits. Source: SES API, EventDestination. */
const EVENT_TYPES = ['bounce', 'complaint', 'reject', 'renderingFailure', 'deliveryDelay'];

/** What emails need: the permission to send from the one address, and where SES tells what became of them. */
export function email(stage: string, settings: EmailConfiguration, { hasTopic }: { hasTopic: boolean }): Resources {
  const { from, sender, keyFrom } = settings;
  if (sender !== undefined) return policy([PUT_REFUSALS, ...secretPermissions(keyFrom === undefined ? [] : [keyFrom])]);
  if (from === undefined) return {};
  return { ...policy([PUT_REFUSALS, sendFrom(stage, from)]), ...configurationSet(stage, hasTopic) };
}

/** The name of the configuration set that emails are sent with; empty where there is none. */
export function configurationSetName(stage: string, { from, sender }: EmailConfiguration): string {
  return from !== undefined && sender === undefined ? `sluice-${stage}` : '';
}

function policy(statements: object[]): Resources {
  return {
    EmailPolicy: {
      Type: 'AWS::IAM::Policy',
      Properties: {
        PolicyName: 'send-email',
        PolicyDocument: { Version: '2012-10-17', Statement: statements },
        Roles: SENDERS.map(ref),
      },
    },
  };
}

/**
 * The address, its domain or a domain above is the identity that SES has verified, and the one that it asks IAM about.
 * Source: SES Developer Guide, "Creating and verifying identities": a domain covers all domains below it.
 */
function sendFrom(stage: string, from: string) {
  const arn = (what: string) => ({
    'Fn::Sub': `arn:\${AWS::Partition}:ses:\${AWS::Region}:\${AWS::AccountId}:${what}`,
  });
  return {
    Effect: 'Allow',
    Action: 'ses:SendEmail',
    Resource: [
      arn(`identity/${from}`),
      ...domainsOf(from).map((domain) => arn(`identity/${domain}`)),
      arn(`configuration-set/sluice-${stage}`),
    ],
    Condition: { StringEquals: { 'ses:FromAddress': from } },
  };
}

/** `a.b.example.org`, `b.example.org`, `example.org`: one label alone is nobody's. */
function domainsOf(address: string): string[] {
  const labels = address.slice(address.lastIndexOf('@') + 1).split('.');
  return labels.slice(0, Math.max(1, labels.length - 1)).map((_, index) => labels.slice(index).join('.'));
}

function configurationSet(stage: string, hasTopic: boolean): Resources {
  const set: Resources = {
    EmailConfigurationSet: { Type: 'AWS::SES::ConfigurationSet', Properties: { Name: `sluice-${stage}` } },
  };
  if (!hasTopic) return set;
  return {
    ...set,
    EmailEvents: {
      Type: 'AWS::SES::ConfigurationSetEventDestination',
      DependsOn: 'AlarmsTopicPolicy',
      Properties: {
        ConfigurationSetName: ref('EmailConfigurationSet'),
        EventDestination: {
          Name: 'sluice-alarms-topic',
          Enabled: true,
          MatchingEventTypes: EVENT_TYPES,
          SnsDestination: { TopicARN: ref('AlarmsTopic') },
        },
      },
    },
  };
}

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

/** Either the address or its domain is the identity that SES has verified. */
function sendFrom(stage: string, from: string) {
  const arn = (what: string) => ({
    'Fn::Sub': `arn:\${AWS::Partition}:ses:\${AWS::Region}:\${AWS::AccountId}:${what}`,
  });
  return {
    Effect: 'Allow',
    Action: 'ses:SendEmail',
    Resource: [
      arn(`identity/${from}`),
      arn(`identity/${from.slice(from.lastIndexOf('@') + 1)}`),
      arn(`configuration-set/sluice-${stage}`),
    ],
    Condition: { StringEquals: { 'ses:FromAddress': from } },
  };
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

import type { Receiver, SecretName } from '../shared/alerts/receivers.ts';
import { isLevel } from '../shared/events/levels.ts';
import type { Configuration } from '../shared/runtime/configuration.ts';
import { type Resources, ref } from './template.ts';

/** What the functions that send notices may call beside the topics of the levels: exactly the receivers' places. */
export function receiverPermissions({ receivers }: Pick<Configuration['alerts'], 'receivers'>): Resources {
  const all = receivers.flatMap((one) => one.receivers);
  const secrets = all.flatMap(secretsOf);
  const Statement = [
    allow(
      'sns:Publish',
      all.flatMap((one) => (one.kind === 'sns' && !isLevel(one.topic) ? one.topic : [])),
    ),
    allow(
      'sqs:SendMessage',
      all.flatMap((one) => (one.kind === 'sqs' ? one.queueArn : [])),
    ),
    secretPermissions(secrets),
  ].flat();
  if (Statement.length === 0) return {};
  return {
    ReceiversPolicy: {
      Type: 'AWS::IAM::Policy',
      Properties: {
        PolicyName: 'receivers',
        PolicyDocument: { Version: '2012-10-17', Statement },
        Roles: [ref('RouteAlertsRole'), ref('CloseWindowsRole')],
      },
    },
  };
}

/** What reading secrets takes; those in the environment need no permission. */
export function secretPermissions(names: readonly SecretName[]): object[] {
  const secrets = names.filter((name) => !name.startsWith('env:'));
  return [
    ...allow('ssm:GetParameter', secrets.map(parameterOf)),
    // The end of a secret's name is made by Secrets Manager: six characters.
    ...allow(
      'secretsmanager:GetSecretValue',
      secrets
        .filter(isManaged)
        .map((name) => ofAccount(`secretsmanager:\${AWS::Region}:\${AWS::AccountId}:secret:${placeOf(name)}-??????`)),
    ),
  ];
}

function allow(Action: string, resources: readonly unknown[]): object[] {
  const Resource = [...new Map(resources.map((one) => [JSON.stringify(one), one])).values()];
  return Resource.length === 0 ? [] : [{ Effect: 'Allow', Action, Resource }];
}

function secretsOf(receiver: Receiver): SecretName[] {
  if (receiver.kind !== 'webhook') return [];
  return [receiver.urlFrom, receiver.secretFrom].flatMap((name) => name ?? []);
}

function isManaged(name: SecretName): boolean {
  return name.startsWith('secretsmanager:');
}

function placeOf(name: SecretName): string {
  return name.slice(name.indexOf(':') + 1);
}

/** A secret of Secrets Manager is read as a parameter too. Source: Systems Manager User Guide, "Referencing secrets". */
function parameterOf(name: SecretName): object {
  const path = isManaged(name) ? `/aws/reference/secretsmanager/${placeOf(name)}` : placeOf(name);
  return ofAccount(`ssm:\${AWS::Region}:\${AWS::AccountId}:parameter${path}`);
}

function ofAccount(rest: string): object {
  return { 'Fn::Sub': `arn:\${AWS::Partition}:${rest}` };
}

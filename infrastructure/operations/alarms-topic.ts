import { createHash } from 'node:crypto';
import { type Resources, ref } from '../template.ts';

/** Services that tell of Sluice on the alarms' topic: alarms, batches that were given up, emails that came back. */
const TELLERS = ['cloudwatch.amazonaws.com', 's3.amazonaws.com', 'ses.amazonaws.com'];

/**
 * The topic of alarms. It has a key of its own, a dollar a month, because services cannot publish to a topic under the key
 * alias/aws/sns, whose policy nobody can change. Source: CloudWatch User Guide, "Notifying users on alarm changes"; SNS
 * Developer Guide, "Managing Amazon SNS encryption keys and costs".
 */
export function alarmsTopic(stage: string, emails: readonly string[]): Resources {
  return {
    AlarmsKey: {
      Type: 'AWS::KMS::Key',
      DeletionPolicy: 'Delete',
      UpdateReplacePolicy: 'Delete',
      Properties: {
        Description: `Alarms of sluice-${stage}`,
        EnableKeyRotation: true,
        PendingWindowInDays: 7,
        KeyPolicy: document(
          {
            Sid: 'ThisAccountManages',
            Effect: 'Allow',
            Principal: { AWS: { 'Fn::Sub': `arn:\${AWS::Partition}:iam::\${AWS::AccountId}:root` } },
            Action: 'kms:*',
            Resource: '*',
          },
          {
            // For whom they act is checked by the topic's policy: not all of them send their source with calls to KMS.
            Sid: 'ServicesEncrypt',
            Effect: 'Allow',
            Principal: { Service: TELLERS },
            Action: ['kms:Decrypt', 'kms:GenerateDataKey'],
            Resource: '*',
          },
        ),
      },
    },
    AlarmsTopic: {
      Type: 'AWS::SNS::Topic',
      Properties: {
        TopicName: `sluice-${stage}-alarms`,
        DisplayName: `Sluice ${stage} alarms`,
        KmsMasterKeyId: ref('AlarmsKey'),
      },
    },
    AlarmsTopicPolicy: {
      Type: 'AWS::SNS::TopicPolicy',
      Properties: {
        Topics: [ref('AlarmsTopic')],
        PolicyDocument: document(
          {
            Sid: 'ServicesPublish',
            Effect: 'Allow',
            Principal: { Service: TELLERS },
            Action: 'sns:Publish',
            Resource: ref('AlarmsTopic'),
            Condition: { StringEquals: { 'aws:SourceAccount': ref('AWS::AccountId') } },
          },
          {
            Sid: 'OnlyOverTls',
            Effect: 'Deny',
            Principal: '*',
            Action: 'sns:Publish',
            Resource: ref('AlarmsTopic'),
            Condition: { Bool: { 'aws:SecureTransport': 'false' } },
          },
        ),
      },
    },
    ...Object.fromEntries(emails.map(subscription)),
  };
}

function subscription(address: string) {
  // The address makes the id, so that one address taken out of the list does not subscribe all after it anew.
  const id = createHash('sha256').update(address).digest('hex').slice(0, 12);
  const properties = { TopicArn: ref('AlarmsTopic'), Protocol: 'email', Endpoint: address };
  return [`AlarmsTopicEmail${id}`, { Type: 'AWS::SNS::Subscription', Properties: properties }] as const;
}

function document(...Statement: object[]) {
  return { Version: '2012-10-17', Statement };
}

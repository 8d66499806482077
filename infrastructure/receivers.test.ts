import { expect, test } from 'vitest';
import { parseConfiguration } from '../shared/runtime/configuration.ts';
import { receiverPermissions } from './receivers.ts';

const permissions = (receivers: string) =>
  receiverPermissions(parseConfiguration(`alerts: {receivers: ${receivers}}`).alerts);

test('without receivers, and for the topics of the levels, nothing is allowed that was not before', () => {
  expect(permissions('[]')).toEqual({});
  expect(permissions('[{name: a, sns: [{topic: critical}]}]')).toEqual({});
});

test('the functions that send may call exactly what the receivers name, each once', () => {
  const { ReceiversPolicy } = permissions(`[
    {name: a, sns: [{topic: "arn:aws:sns:eu-central-1:123456789012:pager"}, {topic: error}],
      sqs: [{queue_arn: "arn:aws:sqs:eu-central-1:123456789012:pages"}]},
    {name: b, webhook: [
      {url: "https://a.example.org", secret_from: "ssm:/sluice/key"},
      {url_from: "secretsmanager:slack", secret_from: "ssm:/sluice/key"},
      {url: "https://b.example.org", secret_from: "env:KEY"}]}]`);
  const sub = (text: string) => ({ 'Fn::Sub': text });
  const ofParameters = `arn:\${AWS::Partition}:ssm:\${AWS::Region}:\${AWS::AccountId}:parameter`;
  expect(ReceiversPolicy?.Properties).toEqual({
    PolicyName: 'receivers',
    Roles: [{ Ref: 'RouteAlertsRole' }, { Ref: 'CloseWindowsRole' }],
    PolicyDocument: {
      Version: '2012-10-17',
      Statement: [
        { Effect: 'Allow', Action: 'sns:Publish', Resource: ['arn:aws:sns:eu-central-1:123456789012:pager'] },
        { Effect: 'Allow', Action: 'sqs:SendMessage', Resource: ['arn:aws:sqs:eu-central-1:123456789012:pages'] },
        {
          Effect: 'Allow',
          Action: 'ssm:GetParameter',
          Resource: [sub(`${ofParameters}/sluice/key`), sub(`${ofParameters}/aws/reference/secretsmanager/slack`)],
        },
        {
          Effect: 'Allow',
          Action: 'secretsmanager:GetSecretValue',
          Resource: [
            sub(`arn:\${AWS::Partition}:secretsmanager:\${AWS::Region}:\${AWS::AccountId}:secret:slack-??????`),
          ],
        },
      ],
    },
  });
});

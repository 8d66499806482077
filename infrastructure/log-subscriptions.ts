import { createHash } from 'node:crypto';
import { arnOf, type Resources, ref } from './template.ts';

const FUNCTION = 'IngestCloudwatchLambdaFunction';

/**
 * A subscription of each log group, and the permission that it needs. The permission names the group: nobody can point
 * another one at the function, Sluice's own least of all.
 */
export function logSubscriptions(stage: string, logGroups: readonly string[]): Resources {
  return Object.assign({}, ...logGroups.map((name) => subscription(stage, name)));
}

function subscription(stage: string, logGroup: string): Resources {
  // The name makes the id, so that a group taken out of the list does not subscribe all after it anew.
  const id = createHash('sha256').update(logGroup).digest('hex').slice(0, 12);
  return {
    [`LogPermission${id}`]: {
      Type: 'AWS::Lambda::Permission',
      Properties: {
        FunctionName: arnOf(FUNCTION),
        Action: 'lambda:InvokeFunction',
        Principal: 'logs.amazonaws.com',
        SourceAccount: ref('AWS::AccountId'),
        SourceArn: {
          'Fn::Sub': `arn:\${AWS::Partition}:logs:\${AWS::Region}:\${AWS::AccountId}:log-group:${logGroup}:*`,
        },
      },
    },
    [`LogSubscription${id}`]: {
      Type: 'AWS::Logs::SubscriptionFilter',
      // CloudWatch Logs tries the function when the filter is made.
      DependsOn: [`LogPermission${id}`],
      Properties: {
        FilterName: `sluice-${stage}`,
        LogGroupName: logGroup,
        FilterPattern: '',
        DestinationArn: arnOf(FUNCTION),
      },
    },
  };
}

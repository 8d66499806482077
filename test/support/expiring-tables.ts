import { CloudFormationClient, DescribeStackResourceCommand, GetTemplateCommand } from '@aws-sdk/client-cloudformation';
import { DynamoDBClient, UpdateTimeToLiveCommand } from '@aws-sdk/client-dynamodb';

type Resource = { Properties?: { TimeToLiveSpecification?: { AttributeName: string; Enabled: boolean } } };

/**
 * Lets the items of a deployed stack's tables expire as its template says: the local cloud's CloudFormation takes a table's
 * time to live and does not apply it, its API does. Expired items then go within a minute, on AWS within days. `isEnabled:
 * false` ends that, for tests that put what is long past.
 */
export async function expireItems(StackName: string, { isEnabled }: { isEnabled: boolean }): Promise<void> {
  const cloudFormation = new CloudFormationClient({});
  const dynamoDb = new DynamoDBClient({});
  const { TemplateBody = '{}' } = await cloudFormation.send(new GetTemplateCommand({ StackName }));
  const resources = Object.entries((JSON.parse(TemplateBody) as { Resources: Record<string, Resource> }).Resources);
  for (const [LogicalResourceId, { Properties }] of resources) {
    const said = Properties?.TimeToLiveSpecification;
    if (said === undefined) continue;
    const about = await cloudFormation.send(new DescribeStackResourceCommand({ StackName, LogicalResourceId }));
    const TableName = about.StackResourceDetail?.PhysicalResourceId;
    const TimeToLiveSpecification = { ...said, Enabled: said.Enabled && isEnabled };
    await dynamoDb.send(new UpdateTimeToLiveCommand({ TableName, TimeToLiveSpecification }));
  }
}

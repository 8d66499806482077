import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';

export interface StackDescription {
  /** `UPDATE_COMPLETE`, … */
  status: string;
  outputs: Record<string, string>;
}

/** The outputs of a CloudFormation stack by name; undefined when there is no such stack. */
export async function stackOutputs(
  stackName: string,
  client = new CloudFormationClient({}),
): Promise<Record<string, string> | undefined> {
  return (await describeStack(stackName, client))?.outputs;
}

/** A CloudFormation stack; undefined when there is none of that name. */
export async function describeStack(
  stackName: string,
  client = new CloudFormationClient({}),
): Promise<StackDescription | undefined> {
  try {
    const { Stacks = [] } = await client.send(new DescribeStacksCommand({ StackName: stackName }));
    const { Outputs = [], StackStatus = 'unknown' } = Stacks[0] ?? {};
    const outputs = Outputs.map(({ OutputKey = '', OutputValue = '' }) => [OutputKey, OutputValue]);
    return { status: StackStatus, outputs: Object.fromEntries(outputs) };
  } catch (error) {
    // CloudFormation has no error of its own for this. Source: DescribeStacks, API reference.
    if (error instanceof Error && error.name === 'ValidationError' && error.message.includes('does not exist'))
      return undefined;
    throw error;
  }
}

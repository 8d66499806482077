import type { Mapping } from '../health/examine.ts';
import { callAws } from './aws-fault.ts';
import { lambda } from './lambda-client.ts';

/** The mappings of these functions on a stream. Functions are named `<stack>-<key>`, as the framework does. */
export async function streamMappings(stackName: string, functionKeys: readonly string[]): Promise<Mapping[]> {
  const found = await Promise.all(functionKeys.map((key) => mappingsOf(stackName, key)));
  return found.flat();
}

async function mappingsOf(stackName: string, functionKey: string): Promise<Mapping[]> {
  const { sdk, client } = await lambda();
  const request = new sdk.ListEventSourceMappingsCommand({ FunctionName: `${stackName}-${functionKey}` });
  const { EventSourceMappings = [] } = await callAws('ListEventSourceMappings', () => client.send(request));
  return EventSourceMappings.map(({ State = 'unknown', LastProcessingResult }) => ({
    functionKey,
    state: State,
    ...(LastProcessingResult === undefined ? {} : { lastResult: LastProcessingResult }),
  }));
}

import { callAws } from './aws-fault.ts';
import { lambda } from './lambda-client.ts';

/** The environment that a function was deployed with. */
export async function functionEnvironment(functionName: string): Promise<Record<string, string>> {
  const { sdk, client } = await lambda();
  const request = new sdk.GetFunctionConfigurationCommand({ FunctionName: functionName });
  const { Environment } = await callAws('GetFunctionConfiguration', () => client.send(request));
  return Environment?.Variables ?? {};
}

import { runServerless } from '../../local/deploy.ts';
import { LOCAL_STAGE } from '../../local/local-environment.ts';
import { stackOutputs } from '../../shared/aws/stack-outputs.ts';

const STACK = `sluice-${LOCAL_STAGE}`;

/** The outputs of the deployment on the tests' local cloud. Deploys when no test before has. */
export async function deployedOutputs(): Promise<Record<string, string>> {
  const found = await stackOutputs(STACK);
  if (found?.StreamName !== undefined) return found;
  await runServerless('deploy', { endpoint: process.env.AWS_ENDPOINT_URL ?? '' });
  return (await stackOutputs(STACK)) ?? {};
}

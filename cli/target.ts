import { localCloudStatus } from '../local/local-cloud.ts';
import { enterLocalCloud, LOCAL_REGION, LOCAL_STAGE } from '../local/local-environment.ts';
import { CommandFailure, UsageError } from './cli-error.ts';

/** Which deployment a command talks to. */
export interface Target {
  stage: string;
  /** Missing: the AWS SDK finds it in the environment or the profile. */
  region?: string;
  /** Missing: AWS itself. */
  endpoint?: string;
}

const STAGE = /^[A-Za-z][A-Za-z0-9-]{0,62}$/;

/**
 * Finds the deployment: the stage that was asked for, else the local cloud if one runs, else SLUICE_STAGE, else `dev`.
 * The endpoint is AWS_ENDPOINT_URL, or the local cloud's for stage `local`.
 */
export async function findTarget(
  options: { stage?: string; region?: string },
  env: NodeJS.ProcessEnv,
): Promise<Target> {
  const region = options.region ?? env.AWS_REGION ?? env.AWS_DEFAULT_REGION;
  if (options.stage !== undefined) checkStage(options.stage);
  if (env.AWS_ENDPOINT_URL) {
    const stage = options.stage ?? env.SLUICE_STAGE ?? LOCAL_STAGE;
    return { stage, region: region ?? LOCAL_REGION, endpoint: env.AWS_ENDPOINT_URL };
  }
  if (options.stage !== undefined && options.stage !== LOCAL_STAGE) return { stage: options.stage, region };
  const status = await localCloudStatus();
  if (status.running) return { stage: LOCAL_STAGE, region: status.region, endpoint: status.endpoint };
  if (options.stage === undefined) return { stage: env.SLUICE_STAGE ?? 'dev', region };
  throw new CommandFailure(`The local cloud does not run (${status.reason}): start it with sluice local start.`);
}

function checkStage(stage: string): void {
  if (STAGE.test(stage)) return;
  throw new UsageError(
    `--stage must be a name of letters, digits and hyphens such as dev, got ${JSON.stringify(stage)}`,
  );
}

/** Points the AWS SDK at the target. The SDK's clients read the environment when they are made. */
export function applyTarget({ stage, region, endpoint }: Target, env: NodeJS.ProcessEnv): void {
  if (region !== undefined) env.AWS_REGION = region;
  if (endpoint === undefined) return;
  // With an address given from outside its keys are given too; the local cloud's are dummies.
  const given = env.AWS_ENDPOINT_URL !== undefined && env.AWS_ACCESS_KEY_ID !== undefined;
  if (given) return;
  enterLocalCloud(env, endpoint);
  Object.assign(env, { SLUICE_STAGE: stage, AWS_REGION: region });
}

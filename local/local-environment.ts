/** The one region of the local cloud, and the account that MiniStack plays. */
export const LOCAL_REGION = 'us-east-1';
export const LOCAL_STAGE = 'local';

/**
 * What everything that talks to a local cloud has in its environment: the AWS SDKs, `serverless deploy`, Python's boto3.
 * The keys are dummies. The metadata service is off so that no SDK waits for one.
 */
export function localEnvironment(endpoint: string): Record<string, string> {
  return {
    AWS_ENDPOINT_URL: endpoint,
    AWS_REGION: LOCAL_REGION,
    AWS_DEFAULT_REGION: LOCAL_REGION,
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_EC2_METADATA_DISABLED: 'true',
    SLUICE_STAGE: LOCAL_STAGE,
  };
}

/** Credentials of a person, which the SDKs prefer to keys in the environment or send along with them. */
const PERSONAL = [
  'AWS_PROFILE',
  'AWS_DEFAULT_PROFILE',
  'AWS_SESSION_TOKEN',
  'AWS_SECURITY_TOKEN',
  'AWS_ROLE_ARN',
  'AWS_WEB_IDENTITY_TOKEN_FILE',
];

/** Points an environment at a local cloud: dummy keys in, personal credentials out. Changes `env`. */
export function enterLocalCloud(env: NodeJS.ProcessEnv, endpoint: string): void {
  for (const name of PERSONAL) delete env[name];
  Object.assign(env, localEnvironment(endpoint));
}

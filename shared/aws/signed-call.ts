import { AwsClient } from 'aws4fetch';
import { awsFault } from './aws-fault.ts';

const TIMEOUT_MILLISECONDS = 5_000;

/** Services that are called for what few deployments use: their clients would make every function a tenth larger. */
export type SignedService = 'sqs' | 'ssm';

const PROTOCOLS: Readonly<Record<SignedService, { target: string; version: string }>> = {
  sqs: { target: 'AmazonSQS', version: '1.0' },
  ssm: { target: 'AmazonSSM', version: '1.1' },
};

/**
 * Calls an operation of AWS's JSON protocol, signed with the credentials of the environment, as a Lambda has them. Rejects
 * with a `Fault`. Source: Smithy, "AWS JSON 1.0 protocol".
 */
export async function signedCall<Answer>(service: SignedService, operation: string, input: unknown): Promise<Answer> {
  let answer: { status: number; body: string };
  try {
    answer = await post(service, operation, JSON.stringify(input));
  } catch (error) {
    throw awsFault(operation, error);
  }
  const { status, body } = answer;
  if (status >= 200 && status < 300) return JSON.parse(body || '{}') as Answer;
  throw awsFault(operation, Object.assign(new Error(`HTTP ${status}`), { name: errorName(body, status) }));
}

async function post(service: SignedService, operation: string, body: string) {
  const { AWS_ACCESS_KEY_ID = '', AWS_SECRET_ACCESS_KEY = '', AWS_SESSION_TOKEN, AWS_REGION = '' } = process.env;
  const domain = AWS_REGION.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com';
  const { target, version } = PROTOCOLS[service];
  const client = new AwsClient({
    accessKeyId: AWS_ACCESS_KEY_ID,
    secretAccessKey: AWS_SECRET_ACCESS_KEY,
    sessionToken: AWS_SESSION_TOKEN,
    region: AWS_REGION,
    service,
    retries: 0,
  });
  const response = await client.fetch(process.env.AWS_ENDPOINT_URL ?? `https://${service}.${AWS_REGION}.${domain}/`, {
    method: 'POST',
    body,
    headers: { 'content-type': `application/x-amz-json-${version}`, 'x-amz-target': `${target}.${operation}` },
    signal: AbortSignal.timeout(TIMEOUT_MILLISECONDS),
  });
  return { status: response.status, body: await response.text() };
}

/** `com.amazonaws.sqs#QueueDoesNotExist` is called QueueDoesNotExist. */
function errorName(body: string, status: number): string {
  try {
    const { __type: type } = JSON.parse(body) as { __type?: unknown };
    if (typeof type === 'string') return type.slice(type.lastIndexOf('#') + 1);
  } catch {
    // Whatever stands between us and the service answered.
  }
  return `HTTP ${status}`;
}

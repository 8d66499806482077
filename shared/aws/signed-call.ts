import { AwsClient } from 'aws4fetch';
import { callAws } from './aws-fault.ts';
import { CLIENT_SETTINGS } from './client-settings.ts';

/**
 * Calls that a function makes one or two of: signed requests instead of a client, which is 20 to 60 KB of a function that
 * may have 400. The credentials are those of the environment, as a Lambda has them.
 */
interface SignedRequest {
  service: 'sns' | 'sqs' | 'ssm' | 'kinesis' | 'ses';
  /** Below the service's endpoint. Default: the endpoint itself. */
  path?: string;
  operation: string;
  /** Default: the function's own. */
  region?: string;
  headers: Record<string, string>;
  body: string;
}

const TARGETS = {
  sqs: { prefix: 'AmazonSQS', version: '1.0' },
  ssm: { prefix: 'AmazonSSM', version: '1.1' },
  kinesis: { prefix: 'Kinesis_20131202', version: '1.1' },
};

/** An operation of AWS's JSON protocol. Rejects with a `Fault`. Source: Smithy, "AWS JSON 1.0 protocol". */
export function callJson<Answer>(
  service: keyof typeof TARGETS,
  operation: string,
  { region, input }: { input: unknown; region?: string },
): Promise<Answer> {
  const { prefix, version } = TARGETS[service];
  const headers = {
    'content-type': `application/x-amz-json-${version}`,
    'x-amz-target': `${prefix}.${operation}`,
  };
  return callAws(operation, async () => {
    const answer = await post({ service, operation, region, headers, body: JSON.stringify(input) });
    return JSON.parse(answer || '{}') as Answer;
  });
}

/** An operation of AWS's query protocol; answers XML. Rejects with a `Fault`. Source: Smithy, "AWS query protocol". */
export function callQuery(
  service: 'sns',
  operation: string,
  { region, ...call }: { version: string; parameters: Record<string, string>; region?: string },
): Promise<string> {
  const body = new URLSearchParams({ Action: operation, Version: call.version, ...call.parameters }).toString();
  const headers = { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' };
  return callAws(operation, () => post({ service, operation, region, headers, body }));
}

/** An operation of AWS's REST protocol with JSON. Rejects with a `Fault`. Source: Smithy, "AWS REST JSON 1.0 protocol". */
export function callRest(
  service: 'ses',
  operation: string,
  request: { path: string; input: unknown },
): Promise<string> {
  const headers = { 'content-type': 'application/json' };
  const call = { service, operation, headers, path: request.path, body: JSON.stringify(request.input) };
  return callAws(operation, () => post(call));
}

async function post({ service, region: wanted, path = '', headers, body }: SignedRequest): Promise<string> {
  const { AWS_ACCESS_KEY_ID = '', AWS_SECRET_ACCESS_KEY = '', AWS_SESSION_TOKEN, AWS_REGION = '' } = process.env;
  const region = wanted ?? AWS_REGION;
  const client = new AwsClient({
    accessKeyId: AWS_ACCESS_KEY_ID,
    secretAccessKey: AWS_SECRET_ACCESS_KEY,
    sessionToken: AWS_SESSION_TOKEN,
    region,
    service,
    retries: CLIENT_SETTINGS.maxAttempts - 1,
  });
  const response = await client.fetch(`${endpointOf(service, region).replace(/\/$/, '')}/${path}`, {
    method: 'POST',
    headers,
    body,
    signal: AbortSignal.timeout(CLIENT_SETTINGS.requestHandler.requestTimeout),
  });
  const answer = await response.text();
  if (response.ok) return answer;
  const told = response.headers.get('x-amzn-errortype')?.split(':')[0];
  const name = told ?? errorName(answer, response.status);
  throw Object.assign(new Error(errorMessage(answer) ?? `HTTP ${response.status}`), { name });
}

function endpointOf(service: string, region: string): string {
  const domain = region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com';
  const host = service === 'ses' ? 'email' : service;
  return process.env.AWS_ENDPOINT_URL ?? `https://${host}.${region}.${domain}/`;
}

/** As the SDK names it, so that it becomes the same fault: in JSON `com.amazonaws.sqs#QueueDoesNotExist`, in XML a code. */
function errorName(answer: string, status: number): string {
  const json = /"__type"\s*:\s*"(?:[\w.]{1,100}#)?(\w{1,100})"/.exec(answer)?.[1];
  return json ?? /<Code>([\w.]{1,100})<\/Code>/.exec(answer)?.[1] ?? `HTTP ${status}`;
}

/** In JSON, where a service says more than a name. */
function errorMessage(answer: string): string | undefined {
  return /"[Mm]essage"\s*:\s*"([^"\\]{1,1000})"/.exec(answer)?.[1];
}

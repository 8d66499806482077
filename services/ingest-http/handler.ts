import middy from '@middy/core';
import type { APIGatewayProxyEvent, APIGatewayProxyResult, Context } from 'aws-lambda';
import { loadLater } from '../../shared/runtime/load-later.ts';
import { telemetryOf } from '../../shared/runtime/telemetry.ts';

const telemetry = telemetryOf('ingest-http');
const loading = loadLater(async () => {
  const { httpRequests, ports } = await import('./wiring.ts');
  return httpRequests(ports, telemetry.open);
});

export const handler = middy<APIGatewayProxyEvent, APIGatewayProxyResult>()
  .use(telemetry.middleware)
  .handler(async (event: APIGatewayProxyEvent, context: Context) => (await loading)(event, context));

import middy from '@middy/core';
import validator from '@middy/validator';
import type { ErrorObject } from 'ajv';
import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import type { Telemetry } from '../../shared/runtime/telemetry.ts';
import { describeFault } from '../../shared/stream/fault.ts';
import { answerFaults, answerIngested, answerUnknown, answerUnread } from './answers.ts';
import { requestCheck } from './check-request.ts';
import { bodyFaults } from './faults.ts';
import { type IngestHttpPorts, ingestHttp } from './ingest-http.ts';
import { SHOWN_FAULTS } from './limits.ts';
import { readBody } from './request-body.ts';

export type OpenTelemetry = () => Promise<Pick<Telemetry, 'logger' | 'metrics'>>;

/** The request with its body read; `isList` is kept for the paths in an answer. */
type ReadRequest = Omit<APIGatewayProxyEvent, 'body'> & { body: unknown[]; isList: boolean };

/** `POST /logs`: reads the body, has it checked, puts its events, answers. Bodies and keys are never logged. */
export function httpRequests(ports: IngestHttpPorts, openTelemetry: OpenTelemetry) {
  const refuse = async (answer: APIGatewayProxyResult, faults = 0) => {
    const { logger, metrics } = await openTelemetry();
    metrics.addMetric('requests.refused', 'Count', 1);
    logger.info('request refused', { status: answer.statusCode, faults });
    return answer;
  };
  return (
    middy<APIGatewayProxyEvent, APIGatewayProxyResult>()
      .before(async (request) => {
        const read = readBody(request.event);
        if (read.status !== 'read') return refuse(answerUnread(read));
        Object.assign(request.event, { body: read.events, isList: read.isList });
      })
      // Its type asks for the compiler; what it calls is the compiled function.
      .use(validator({ eventSchema: requestCheck() as never }))
      .onError(async (request) => {
        const errors = validatorErrors(request.error);
        if (errors !== undefined) {
          const { isList } = request.event as unknown as ReadRequest;
          const faults = bodyFaults(errors.slice(0, SHOWN_FAULTS), isList);
          request.response = await refuse(answerFaults(faults, errors.length), errors.length);
          return;
        }
        const { logger } = await openTelemetry();
        logger.error('request failed', { reason: describeFault(request.error) });
        request.response = answerUnknown();
      })
      .handler(async (event) => {
        const { body } = event as unknown as ReadRequest;
        const ingested = await ingestHttp(body, ports);
        const { logger, metrics } = await openTelemetry();
        const refused = ingested.status === 'refused' ? ingested.events.filter(({ accepted }) => !accepted).length : 0;
        metrics.addMetric('events.accepted', 'Count', body.length - refused);
        metrics.addMetric('events.refused', 'Count', refused);
        if (ingested.status === 'refused')
          logger.warn('events not taken by the stream', { refused, reasons: ingested.reasons });
        return answerIngested(ingested);
      })
  );
}

/** What the validator found; undefined when the error is not its own. */
function validatorErrors(error: unknown): ErrorObject[] | undefined {
  const cause = error instanceof Error ? (error.cause as { package?: string; data?: ErrorObject[] }) : undefined;
  return cause?.package === '@middy/validator' ? (cause.data ?? []) : undefined;
}

import type { Logger } from '@aws-lambda-powertools/logger';
import type { Metrics } from '@aws-lambda-powertools/metrics';
import type { MiddlewareObj } from '@middy/core';

export interface Telemetry {
  logger: Logger;
  metrics: Metrics;
}

/**
 * Powertools' logger and metrics of a function. They are loaded with its first invocation, while that waits for its
 * tables: at load they would take more of a cold start than all else together.
 */
export function telemetryOf(serviceName: string) {
  let opening: Promise<Telemetry> | undefined;
  const open = () => {
    opening ??= openTelemetry(serviceName);
    return opening;
  };
  const publish = async (): Promise<void> => {
    // Answers nothing: middy would take what a middleware answers for the answer of the function.
    const { metrics } = await open();
    if (metrics.hasStoredMetrics()) metrics.publishStoredMetrics();
  };
  /** Every log line names its invocation; what was counted is written when it ends, however it ends. */
  const middleware: MiddlewareObj = {
    before: ({ context }) => {
      open().then(
        ({ logger }) => logger.addContext(context),
        () => undefined,
      );
    },
    after: publish,
    onError: publish,
  };
  return { open, middleware };
}

async function openTelemetry(serviceName: string): Promise<Telemetry> {
  const [{ Logger }, { Metrics }] = await Promise.all([
    import('@aws-lambda-powertools/logger'),
    import('@aws-lambda-powertools/metrics'),
  ]);
  // A namespace a stage, so that the alarms of one never look at another. Set by serverless.yml.
  const namespace = process.env.POWERTOOLS_METRICS_NAMESPACE || 'Sluice';
  return { logger: new Logger({ serviceName }), metrics: new Metrics({ namespace, serviceName }) };
}

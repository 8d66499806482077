import type { Logger } from './logger-api.ts';

export interface MiddlewareOptions {
  /** Milliseconds of the invocation's time that are kept for its answer: flush ends before. Default: 500. */
  reserve?: number;
}

/** The part of a Middy request that is looked at. */
interface Request {
  context?: { awsRequestId?: string; getRemainingTimeInMillis?: () => number } | undefined;
}

/** A Middy middleware; it needs nothing of Middy. */
export interface SluiceMiddleware {
  before: (request: Request) => void;
  after: (request: Request) => Promise<void>;
  onError: (request: Request) => Promise<void>;
}

const DEFAULT_RESERVE = 500;
/** `Root=1-5759e988-bd862e3fe1be46a994272793;…`. Source: AWS X-Ray, "Tracing header". */
const XRAY_ROOT = /Root=1-([0-9a-f]{8})-([0-9a-f]{24})/;

/**
 * Makes each invocation of a warm container one of its own: its events say its request id and trace, and all of them are
 * sent before the answer goes, since a container is frozen right after.
 */
export function sluiceMiddleware(
  logger: Pick<Logger<string>, 'reset' | 'flush'>,
  { reserve = DEFAULT_RESERVE }: MiddlewareOptions = {},
): SluiceMiddleware {
  const before = ({ context }: Request) => {
    const [, seconds, rest] = XRAY_ROOT.exec(process.env._X_AMZN_TRACE_ID ?? '') ?? [];
    logger.reset({
      ...(context?.awsRequestId === undefined ? {} : { attributes: { 'faas.invocation_id': context.awsRequestId } }),
      ...(seconds === undefined ? {} : { traceId: `${seconds}${rest}` }),
    });
  };
  const flush = async ({ context }: Request) => {
    const remaining = context?.getRemainingTimeInMillis?.();
    await logger.flush(remaining === undefined ? {} : { timeout: Math.max(0, remaining - reserve) });
  };
  return { before, after: flush, onError: flush };
}

import { Fault, type FaultCode } from '../stream/fault.ts';

/** Error names of the services, as faults. What is not here came from the network or a service that is down. */
const CODES: Readonly<Record<string, FaultCode>> = {
  ThrottlingException: 'throttled',
  ThrottledException: 'throttled',
  Throttling: 'throttled',
  RequestLimitExceeded: 'throttled',
  LimitExceededException: 'throttled',
  ProvisionedThroughputExceededException: 'throttled',
  KMSThrottlingException: 'throttled',
  SlowDown: 'throttled',
  AccessDenied: 'denied',
  AccessDeniedException: 'denied',
  AuthorizationError: 'denied',
  AuthorizationErrorException: 'denied',
  ExpiredTokenException: 'denied',
  UnrecognizedClientException: 'denied',
  ValidationException: 'invalid',
  ValidationError: 'invalid',
  InvalidParameter: 'invalid',
  InvalidParameterException: 'invalid',
  InvalidArgumentException: 'invalid',
  ResourceNotFoundException: 'missing',
  NotFound: 'missing',
  NotFoundException: 'missing',
  NoSuchBucket: 'missing',
  ParameterNotFound: 'missing',
  // Of SES. Source: SES API v2, SendEmail, Errors.
  TooManyRequestsException: 'throttled',
  AccountSuspendedException: 'denied',
  SendingPausedException: 'denied',
  MailFromDomainNotVerifiedException: 'denied',
  QueueDoesNotExist: 'missing',
  InvalidMessageContents: 'invalid',
  BatchRequestTooLong: 'invalid',
  // EC2 has a list of its own. Source: EC2 API reference, "Error codes".
  UnauthorizedOperation: 'denied',
  AuthFailure: 'denied',
  OperationNotPermitted: 'denied',
  UnsupportedOperation: 'invalid',
  'InvalidInstanceID.Malformed': 'invalid',
  'InvalidInstanceID.NotFound': 'missing',
  IncorrectInstanceState: 'contended',
  IncorrectState: 'contended',
};

/** Makes a fault of whatever an SDK call rejected with. The text names the operation, never its payload. */
export function awsFault(operation: string, error: unknown): Fault {
  if (error instanceof Fault) return error;
  const name = error instanceof Error ? error.name : 'unknown';
  const code = CODES[name] ?? 'unavailable';
  return new Fault(code, `${operation} failed: ${name}`, { cause: error, context: { operation } });
}

/** Runs an SDK call; whatever it rejects with becomes a fault. */
export async function callAws<T>(operation: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw awsFault(operation, error);
  }
}

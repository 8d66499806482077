/**
 * The one error of the product. A fault is something that should not have happened; expected outcomes are unions.
 * `code` decides what is done about it, see `remedyOf`.
 */
export const FAULT_CODES = [
  'throttled',
  'unavailable',
  'denied',
  'invalid',
  'missing',
  'contended',
  'out-of-time',
  'resting',
] as const;
export type FaultCode = (typeof FAULT_CODES)[number];

export class Fault extends Error {
  readonly code: FaultCode;
  readonly context: Readonly<Record<string, string | number>>;

  constructor(
    code: FaultCode,
    message: string,
    options: { cause?: unknown; context?: Record<string, string | number> } = {},
  ) {
    super(message, { cause: options.cause });
    this.name = 'Fault';
    this.code = code;
    this.context = options.context ?? {};
  }
}

/** `now`: the same call may succeed in a moment. `later`: give the record back; the event source mapping comes again. */
export type Remedy = 'retry-now' | 'retry-later';

export function remedyOf(code: FaultCode): Remedy {
  switch (code) {
    case 'throttled':
    case 'unavailable':
    case 'contended':
      return 'retry-now';
    case 'denied':
    case 'invalid':
    case 'missing':
    case 'out-of-time':
    case 'resting':
      return 'retry-later';
    default:
      return code satisfies never;
  }
}

/** What went wrong, in one line that carries no payload. */
export function describeFault(error: unknown): string {
  if (error instanceof Fault) return `${error.code}: ${error.message}`;
  return error instanceof Error ? `${error.name}: ${error.message}` : 'an unknown fault';
}

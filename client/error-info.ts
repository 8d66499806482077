import type { ErrorInfo } from '../shared/events/event.ts';
import { cutUnits, LENGTHS } from '../shared/events/limits.ts';
import { plainValue, textOfThrown } from './plain-value.ts';
import type { Redaction } from './redaction.ts';

export interface DescribedError {
  error: ErrorInfo;
  /** What the error says beside its name, message and stack: code, status, path. */
  rest?: Record<string, unknown>;
}

const OWN_PLACES = new Set(['name', 'type', 'message', 'stack', 'cause', 'errors']);
const MOST_CAUSES = 10;

/** Whatever was thrown, as an event carries it. Never throws; undefined for nothing. */
export function describeError(thrown: unknown, redaction: Redaction): DescribedError | undefined {
  if (thrown === undefined || thrown === null) return undefined;
  try {
    return typeof thrown === 'object' ? ofObject(thrown, redaction) : ofText(String(thrown));
  } catch (fault) {
    return ofText(`an error that cannot be read (${textOfThrown(fault)})`);
  }
}

function ofText(message: string): DescribedError {
  return { error: { type: 'Error', message } };
}

/** An `Error`, one of another realm, or what a library that has none throws: `{message, code}`. */
function ofObject(thrown: object, redaction: Redaction): DescribedError {
  const { name, type, message, stack } = thrown as Record<string, unknown>;
  const kind = [name, type, thrown.constructor?.name].find((each) => typeof each === 'string' && each !== '');
  const rest = restOf(thrown, redaction);
  const isError = typeof message === 'string';
  const error: ErrorInfo = {
    type: cutUnits(isError ? String(kind ?? 'Error') : 'Error', LENGTHS.errorType).text,
    message: isError ? message : JSON.stringify(rest),
  };
  if (typeof stack === 'string') error.stack = `${stack}${causesOf(thrown)}`;
  return Object.keys(rest).length === 0 || !isError ? { error } : { error, rest };
}

function restOf(thrown: object, redaction: Redaction): Record<string, unknown> {
  const own = plainValue({ ...thrown }, redaction, ['error']) as Record<string, unknown>;
  return Object.fromEntries(Object.entries(own).filter(([key]) => !OWN_PLACES.has(key)));
}

/** The stacks of what caused it, as Java writes them: the fingerprint looks at the frames on top alone. */
function causesOf(thrown: object): string {
  const seen = new Set<unknown>([thrown]);
  let text = '';
  let cause = (thrown as { cause?: unknown }).cause;
  while (cause !== undefined && cause !== null && !seen.has(cause) && seen.size <= MOST_CAUSES) {
    seen.add(cause);
    text += `\nCaused by: ${stackOf(cause)}`;
    cause = (cause as { cause?: unknown }).cause;
  }
  return text;
}

function stackOf(cause: unknown): string {
  const stack = typeof cause === 'object' ? (cause as { stack?: unknown }).stack : undefined;
  return typeof stack === 'string' ? stack : textOfThrown(cause);
}

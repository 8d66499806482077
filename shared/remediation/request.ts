import type { InstanceId } from './instance.ts';

/** Who asks for a restart. */
export interface Requester {
  kind: 'rule' | 'alarm';
  name: string;
}

/** Somebody asks that an instance be restarted. */
export interface RemediationRequest {
  /** Stable: a request that comes again has the same one. At most 200 characters. */
  id: string;
  instance: InstanceId;
  by: Requester;
  /** One line for people; see `REASON_CHARACTERS`. */
  reason: string;
  /** When it was asked for: ISO 8601, UTC. */
  at: string;
}

/** With `/` and a step it stays below the 256 characters that an event's id may have. */
export const REQUEST_ID_CHARACTERS = 200;
export const REQUESTER_CHARACTERS = 255;
export const REASON_CHARACTERS = 500;

/** One line without control, bidirectional or separator characters. */
export function oneLine(text: string, characters: number): string {
  const line = text
    .slice(0, characters * 2)
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]+/gu, ' ')
    .trim();
  return line.length > characters ? `${line.slice(0, characters - 1)}…` : line;
}

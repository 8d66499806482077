import type { LogEvent } from '../events/event.ts';
import type { Fingerprint } from '../events/fingerprint.ts';
import { LEVELS, type Level } from '../events/levels.ts';
import { cutText } from '../events/limits.ts';

/** The events of category error with one fingerprint. */
export interface Incident {
  status: 'open';
  fingerprint: Fingerprint;
  /** The most severe level seen. */
  level: Level;
  source: string;
  template: string;
  count: number;
  /** Times of the events themselves, ISO 8601, UTC. */
  firstSeen: string;
  lastSeen: string;
  /** The message of the earliest event. */
  sample: string;
  sampleId: string;
}

/** An event with what it is grouped by. */
export interface FingerprintedEvent {
  event: LogEvent;
  fingerprint: Fingerprint;
  template: string;
}

/** Bytes of a sample: the item is written with every batch that touches it, and billed by its size. */
const SAMPLE_BYTES = 1_024;

/**
 * Takes one event in. The result does not depend on the order of events, so shards may be folded in any order and a
 * record that comes late changes nothing back.
 */
export function evolve(incident: Incident | undefined, { event, fingerprint, template }: FingerprintedEvent): Incident {
  const { level, source, time, id } = event;
  const sample = { template, sample: cutText(event.message, SAMPLE_BYTES).text, sampleId: id };
  if (!incident) {
    return { status: 'open', fingerprint, level, source, count: 1, firstSeen: time, lastSeen: time, ...sample };
  }
  const isEarlier = time < incident.firstSeen || (time === incident.firstSeen && id < incident.sampleId);
  return {
    ...incident,
    ...(isEarlier ? sample : {}),
    level: moreSevere(incident.level, level),
    count: incident.count + 1,
    firstSeen: time < incident.firstSeen ? time : incident.firstSeen,
    lastSeen: time > incident.lastSeen ? time : incident.lastSeen,
  };
}

function moreSevere(a: Level, b: Level): Level {
  return LEVELS.indexOf(a) <= LEVELS.indexOf(b) ? a : b;
}

import type { LogEvent } from '../../../shared/events/event.ts';
import type { StreamRecord } from '../../../shared/stream/ports.ts';

/** What the generator knows of one event in a record, without asking the product. */
export interface PartTruth {
  /** `undefined`: it brings no id, so the stream's own names it. */
  id: string | undefined;
  level: string | undefined;
  /** The event whole, where the generator knows it: of any other its id, its level and its place are all that is. */
  event?: Understood;
}

/** An event as it must be understood. What it brings no id or no time for has those of its record. */
export type Understood = Omit<LogEvent, 'id' | 'time'> & Partial<Pick<LogEvent, 'id' | 'time'>>;

/** What a canonical event must be understood as: itself, to the last field. */
export function partOf(event: LogEvent): PartTruth {
  return { id: event.id, level: event.level, event };
}

/** One record as a producer makes it, with what must become of it. */
export interface Parcel {
  kind: string;
  data: Uint8Array;
  partitionKey: string;
  truth: { parts: PartTruth[] } | { rejected: true };
  /** The faults that this input is. */
  faults: { fault: number; kind?: string }[];
}

/** A record that the stream took, with the parcel that it was. */
export interface AcceptedRecord {
  record: StreamRecord;
  parcel: Parcel;
}

const NO_EVENT = 40;

/** Whether the record carries no event and is none the worse for it: a control message, or one without lines. */
export function isEmpty({ faults }: Parcel): boolean {
  return faults.some(({ fault }) => fault === NO_EVENT);
}

import type { StreamRecord } from '../../../shared/stream/ports.ts';
import type { RejectedRecord } from '../../../shared/stream/read-batch.ts';
import type { Chaos, Service } from '../chaos.ts';
import { serviceOf } from '../deployed.ts';
import { keepsPayload } from '../deployed-destinations.ts';
import type { FunctionInstance } from './function-instance.ts';
import type { Datapoint } from './model-alarm.ts';

/** A copy of a rejected record, as its object holds it. */
export type Quarantined = Omit<RejectedRecord, 'record'>;

/** S3: objects by name, the last one written stays. Source: FACTS.md, "Firehose, S3, Glue, Athena". */
export class ModelBucket {
  readonly quarantined = new Map<string, Quarantined>();
  readonly #service: Service;

  constructor({ service }: { service: Service }) {
    this.#service = service;
  }

  quarantine(instance: FunctionInstance): (record: RejectedRecord) => Promise<void> {
    return ({ record: _, ...rest }) =>
      instance.call({
        service: this.#service,
        label: 'keeps a rejected record',
        writes: true,
        effect: () => {
          this.quarantined.set(`${rest.shardId}-${rest.sequenceNumber}`, { ...rest, data: rest.data.slice() });
        },
      });
  }
}

export interface KeptFailure {
  mapping: string;
  record: StreamRecord;
  /** As it was saved, which lives longer than the stream's; nothing where the destination gets no payload. */
  data: Uint8Array;
  reason: string;
}

/**
 * The on-failure destination of the mappings, as the template has it: S3 gets the whole invocation record, so its payload
 * outlives the stream's retention. When it cannot be reached the records are lost, and Lambda counts that. Source: FACTS.md.
 */
export class FailureDestination {
  readonly kept: KeptFailure[] = [];
  readonly lost: { mapping: string; record: StreamRecord }[] = [];
  /** `DestinationDeliveryFailures`: one for each batch that was lost. */
  readonly failures: (Datapoint & { mapping: string })[] = [];
  readonly #chaos: Chaos;
  readonly #isDown: () => boolean;
  readonly #now: () => number;

  constructor({ chaos, isDown, now }: { chaos: Chaos; isDown: () => boolean; now: () => number }) {
    this.#chaos = chaos;
    this.#now = now;
    this.#isDown = isDown;
  }

  keep(mapping: string, records: readonly StreamRecord[], reason: string): boolean {
    if (this.#isDown()) {
      this.failures.push({ mapping, at: this.#now(), value: 1 });
      for (const record of records) {
        this.#chaos.hit(17);
        this.lost.push({ mapping, record });
      }
      return false;
    }
    const isWhole = keepsPayload(serviceOf(mapping));
    for (const record of records) {
      this.kept.push({ mapping, record, data: isWhole ? record.data.slice() : new Uint8Array(), reason });
    }
    return true;
  }
}

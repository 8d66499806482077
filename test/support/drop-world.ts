import { TABLE_KEYS } from '../../shared/aws/tables.ts';
import { decodeEvent } from '../../shared/events/decode.ts';
import type { LogEvent } from '../../shared/events/event.ts';
import type { DroppedObject, DropQuarantine, RefusedObject } from '../../shared/stream/drop-bucket.ts';
import { objectName } from '../../shared/stream/drop-bucket.ts';
import type { Table } from '../../shared/stream/ports.ts';
import type { StreamEntry } from '../../shared/stream/put-records.ts';
import { unpackRecord } from '../../shared/stream/unpack.ts';
import { ModelTable } from '../simulation/models/model-table.ts';
import { interceptedTable } from './intercepted-table.ts';
import { manualClock } from './manual-clock.ts';

export const MODIFIED_AT = Date.parse('2026-11-21T11:59:00.000Z');

/** A call to the world: `before` it has any effect, or `after` it had it and before it is answered. */
export interface GateCall {
  phase: 'before' | 'after';
  what: string;
}

export class Killed extends Error {}

/** A drop bucket, a stream, a quarantine and a ledger in memory. Every call passes a gate, which may kill the caller. */
export function dropWorld(gate: (call: GateCall) => Promise<void> | void = () => undefined) {
  const files = new Map<string, Uint8Array>();
  const entries: StreamEntry[] = [];
  const kept = new Map<string, { code: string; data: string; taken?: number }>();
  const table = new ModelTable({ keys: TABLE_KEYS.ledger });
  const clock = manualClock();
  const opened: string[] = [];

  const call = async <T>(what: string, effect: () => T | Promise<T>): Promise<T> => {
    await gate({ phase: 'before', what });
    const answer = await effect();
    await gate({ phase: 'after', what });
    return answer;
  };
  const ledger: Table = interceptedTable(table, ({ method, proceed }) => call(method, proceed));

  const bucket = {
    open: (object: DroppedObject) =>
      call('open', () => {
        const data = files.get(objectName(object));
        if (data === undefined) return undefined;
        opened.push(object.key);
        return { size: data.length, modifiedAt: MODIFIED_AT, body: chunksOf(data), close: () => undefined };
      }),
  };
  const quarantine: DropQuarantine = {
    keepObject: ({ object, code, taken }: RefusedObject) =>
      call('keepObject', () => {
        const data = Buffer.from(files.get(objectName(object)) ?? []).toString('latin1');
        kept.set(objectName(object), { code, data, taken });
      }),
    keepPieces: ({ object, pieces }) =>
      call('keepPieces', () => {
        for (const { index, code, bytes } of pieces) {
          kept.set(`${objectName(object)}-${index}`, { code, data: Buffer.from(bytes).toString('latin1') });
        }
      }),
  };
  const send = (chunk: readonly StreamEntry[]) =>
    call('send', () => {
      entries.push(...chunk);
      return [];
    });

  return {
    ports: { bucket, quarantine, ledger, send, clock },
    clock,
    kept,
    opened,
    /** What the stream holds, in order, repeats included. */
    events: (): LogEvent[] => entries.flatMap(({ data }) => eventsIn(data)),
    entries,
    receipts: () => table.all().map(({ status, next, events, quarantined }) => ({ status, next, events, quarantined })),
    drop: (data: string | Uint8Array, key = 'web-1/app.json', versionId = 'v1'): DroppedObject => {
      const object = { bucket: 'drops', key, versionId };
      files.set(objectName(object), typeof data === 'string' ? Buffer.from(data) : data);
      return object;
    },
  };
}

async function* chunksOf(data: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < data.length; start += 1_000) yield data.subarray(start, start + 1_000);
}

function eventsIn(data: Uint8Array): LogEvent[] {
  const unpacked = unpackRecord(data);
  if (!unpacked.ok) throw new Error(unpacked.reason);
  return unpacked.payloads.map((payload) => decodeEvent(payload, { id: '', arrivedAt: MODIFIED_AT, source: '' }));
}

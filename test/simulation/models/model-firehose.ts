import { LOG_EVENT_COLUMNS } from '../../../shared/archive/log-event-row.ts';
import type { Level } from '../../../shared/events/levels.ts';
import { Fault } from '../../../shared/stream/fault.ts';
import type { SendChunk, SendFailure } from '../../../shared/stream/ports.ts';
import type { Chaos, Service } from '../chaos.ts';
import type { FunctionInstance } from './function-instance.ts';

export interface ArchivedRow {
  level: Level;
  /** The line as it came. */
  line: string;
  row: Readonly<Record<string, unknown>>;
}

const MAX_RECORD_BYTES = 1_000 * 1_024;
const MAX_CALL = { count: 500, bytes: 4 * 1_024 * 1_024 };
const LARGEST_INT = 2 ** 31 - 1;

/**
 * A delivery stream per level, conversion by the Glue schema included: records are joined as they are, cut into lines,
 * and what the schema refuses goes under the error prefix. Source: FACTS.md, "Firehose, S3, Glue, Athena".
 */
export class ModelFirehose {
  readonly rows: ArchivedRow[] = [];
  /** What lies under the error prefix. */
  readonly errors: { level: Level; line: string; reason: string }[] = [];
  /** What CloudWatch counts as `FailedConversion.Records`, by delivery stream. Source: Firehose, "Monitoring with CloudWatch metrics". */
  readonly failedConversions = new Map<Level, number>();
  readonly malformed: string[] = [];
  readonly #chaos: Chaos;
  readonly #service: Service;

  constructor({ chaos, service }: { chaos: Chaos; service: Service }) {
    this.#chaos = chaos;
    this.#service = service;
  }

  /** The port of one function instance. */
  delivery(instance: FunctionInstance): (level: Level) => SendChunk<Uint8Array> {
    return (level) => (records) =>
      instance.call({
        service: this.#service,
        label: `delivers ${records.length} ${level}`,
        writes: true,
        effect: () => this.#putRecordBatch(level, records),
        losesAnswer: () => {
          if (!this.#chaos.strikes(36, 0.1, 'landed')) return false;
          this.#chaos.hit(36, 'landed');
          return true;
        },
      });
  }

  #putRecordBatch(level: Level, records: readonly Uint8Array[]): SendFailure[] {
    const bytes = records.reduce((sum, { byteLength }) => sum + byteLength, 0);
    const large = records.find(({ byteLength }) => byteLength > MAX_RECORD_BYTES);
    if (records.length > MAX_CALL.count || bytes > MAX_CALL.bytes || records.length === 0 || large !== undefined) {
      const what = `${records.length} records of ${bytes} bytes in a call`;
      this.malformed.push(what);
      throw new Fault('invalid', `PutRecordBatch: ${what}`);
    }
    const isPartial = this.#chaos.strikes(36, this.#chaos.planned.has(36) ? 0.6 : 0.15, 'partial');
    const failures: SendFailure[] = [];
    for (const [index, record] of records.entries()) {
      if (isPartial && (index === 0 || this.#service.random.chance(0.5))) {
        this.#chaos.hit(36, 'partial');
        failures.push({ index, reason: 'ServiceUnavailableException: Slow down.' });
      } else this.#take(level, Buffer.from(record).toString('utf8'));
    }
    return failures;
  }

  #take(level: Level, text: string): void {
    if (!text.endsWith('\n')) this.malformed.push('a record that does not end with a newline');
    for (const line of text.split('\n')) {
      if (line === '') continue;
      const reason = this.#convert(level, line);
      if (reason === undefined) continue;
      this.#chaos.hit(38);
      this.errors.push({ level, line, reason });
      this.failedConversions.set(level, (this.failedConversions.get(level) ?? 0) + 1);
    }
  }

  /** Answers why the line is no row. */
  #convert(level: Level, line: string): string | undefined {
    let row: unknown;
    try {
      row = JSON.parse(line);
    } catch {
      return 'not JSON';
    }
    if (typeof row !== 'object' || row === null || Array.isArray(row)) return 'not an object';
    const values = row as Record<string, unknown>;
    for (const { name, type } of LOG_EVENT_COLUMNS) {
      const value = values[name];
      if (value !== undefined && value !== null && !fits(type, value)) return `${name} is no ${type}`;
    }
    this.rows.push({ level, line, row: values });
    return undefined;
  }
}

const TIMESTAMP = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}$/;

function fits(type: string, value: unknown): boolean {
  if (type === 'int') return Number.isInteger(value) && Math.abs(value as number) <= LARGEST_INT;
  if (type === 'timestamp') return typeof value === 'string' && TIMESTAMP.test(value);
  if (type === 'string') return typeof value === 'string';
  return typeof value === 'object';
}

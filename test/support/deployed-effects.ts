import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { readIncidents, takeNotices } from '../../cli/demo/observe.ts';
import { runCli } from '../../cli/run-cli.ts';
import type { Notice } from '../../shared/alerts/notice.ts';
import { scanTable } from '../../shared/aws/dynamodb-scan.ts';
import { kinesisStream } from '../../shared/aws/kinesis-stream.ts';
import type { Level } from '../../shared/events/levels.ts';
import { systemClock } from '../../shared/runtime/system-clock.ts';
import { putRecords } from '../../shared/stream/put-records.ts';
import { captureStreams } from './captured-streams.ts';
import { readArchive } from './read-archive.ts';

/** An event as an application writes it. */
export interface PutEvent {
  level: Level;
  source: string;
  message: string;
  time?: string;
}

/** Puts events onto a deployment's stream, and looks at what became of them, by their source. */
export class DeployedEffects {
  readonly #outputs: Record<string, string>;
  readonly #told = new Map<string, Notice>();

  constructor(outputs: Record<string, string>) {
    this.#outputs = outputs;
  }

  async put(events: readonly PutEvent[]): Promise<void> {
    const entries = events.map((event) => ({ data: Buffer.from(JSON.stringify(event)), partitionKey: event.source }));
    const send = kinesisStream(this.#outputs.StreamName ?? '');
    const { unsent } = await putRecords(entries, { send, clock: systemClock });
    if (unsent.length > 0) throw new Error(`expected the stream to take all, ${unsent.length} were not taken`);
  }

  /** What the queue of all topics has brought so far, each id once. */
  async notices(): Promise<Notice[]> {
    for (const notice of await takeNotices(this.#outputs)) this.#told.set(notice.id, notice);
    return [...this.#told.values()];
  }

  async noticesOf(source: string): Promise<[Notice['kind'], number][]> {
    return (await this.notices()).filter((one) => one.source === source).map(({ kind, count }) => [kind, count]);
  }

  /** Notices that are decided and that nobody has taken yet. */
  async waitingOf(source: string): Promise<number> {
    const groups = await scanTable(this.#outputs.AlertGroupsTable ?? '', ['source', 'pending']);
    const waiting = groups.filter((group) => group.source === source).map(({ pending }) => pending as unknown[]);
    return waiting.reduce((sum, { length }) => sum + length, 0);
  }

  async incidents(): Promise<number> {
    return (await readIncidents(this.#outputs)).length;
  }

  async incidentsOf(source: string): Promise<[string, number][]> {
    const incidents = (await readIncidents(this.#outputs)).filter((one) => one.source === source);
    return incidents.map(({ level, count }) => [level, count]);
  }

  /** Messages of the application log's rows, as `sluice logs` shows them. */
  async rowsOf(source: string): Promise<string[]> {
    const capture = captureStreams({ env: process.env });
    await runCli(['logs', '--source', source, '--since', '2d', '--json'], capture.streams);
    return (JSON.parse(capture.stdout()) as PutEvent[]).map(({ message }) => message).sort();
  }

  async archivedOf(level: Level, source: string): Promise<number> {
    const events = await readArchive(this.#outputs.ArchiveBucket ?? '', level);
    return new Set(events.filter((event) => event.source === source).map(({ id }) => id)).size;
  }

  /** What runs each minute, now. */
  async closeWindows(): Promise<void> {
    const { FunctionError } = await new LambdaClient({}).send(
      new InvokeCommand({ FunctionName: 'sluice-local-closeWindows', Payload: '{}' }),
    );
    if (FunctionError !== undefined) throw new Error(`close-windows failed: ${FunctionError}`);
  }
}

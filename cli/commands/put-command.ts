import { randomBytes } from 'node:crypto';
import { createReadStream, statSync } from 'node:fs';
import { basename, extname } from 'node:path';
import { Command } from 'commander';
import { kinesisStream } from '../../shared/aws/kinesis-stream.ts';
import { decodeEvent } from '../../shared/events/decode.ts';
import type { LogEvent } from '../../shared/events/event.ts';
import { eventIdSequence } from '../../shared/events/event-id.ts';
import { systemClock } from '../../shared/runtime/system-clock.ts';
import { CommandFailure } from '../cli-error.ts';
import { type CliStreams, type Exit, openDeployment, terminalOf } from '../context.ts';
import { inert } from '../inert-text.ts';
import { countOption, jsonOption, levelOption } from '../option-values.ts';
import { type PutSummary, putLines } from '../put/put-lines.ts';
import { checkPutOptions, LONGEST_SOURCE, type PutOptions } from '../put/put-options.ts';
import { readLines } from '../put/read-lines.ts';
import { sendEvents } from '../put/send-events.ts';
import type { Terminal } from '../terminal.ts';

const HELP = `
Examples:
  $ sluice put --level error --source shop --message "payment failed" --details '{"order": 17}'
  $ sluice put --file app.log                   one event for each line, the source is "app"
  $ sluice put --file app.log --repeat-every 10 every tenth event twice: both count once
  $ journalctl -o json | sluice put - --source web-1

A line may be canonical JSON, the JSON of a common logger (pino, winston, bunyan, Powertools, OpenTelemetry, Python) or
plain text. Each gets a new id unless it brings one. Empty lines are skipped. Exit code 1: something could not be sent.`;

export function putCommand(streams: CliStreams, exit: Exit): Command {
  return new Command('put')
    .summary('put one event, or the lines of a file, onto the stream')
    .description(
      'Puts one event (--message), or each line of a file (--file) or of standard input (-), onto the stream.',
    )
    .argument('[input]', 'a single - reads the lines from standard input')
    .option('--message <text>', 'what happened')
    .option('--level <level>', 'critical, error, warning, info or debug (default: info)', levelOption)
    .option('--source <name>', 'the application that logged (default: "cli", or the file\'s name without its ending)')
    .option('--details <json>', 'any JSON, kept with the event', (text) => jsonOption('details', text))
    .option('--file <path>', 'one event for each line of this file; - is standard input')
    .option(
      '--repeat-every <n>',
      'send every n-th event twice with the same id, to try the removal of duplicates',
      countOption('repeat-every', 1_000_000),
    )
    .addHelpText('after', HELP)
    .action(async (input: string | undefined, options: PutOptions, command: Command) => {
      checkPutOptions(input, options);
      const terminal = terminalOf(command, streams);
      if (options.message !== undefined) return putMessage(options, options.message, { streams, command, terminal });
      const path = options.file ?? '-';
      if (path !== '-') checkFile(path);
      const lines = readLines(path === '-' ? (streams.stdin as AsyncIterable<Buffer>) : createReadStream(path));
      const deployment = await openDeployment(command, streams.env);
      const startedAt = performance.now();
      const summary = await putLines(lines, {
        newId: idMaker(),
        now: Date.now,
        source: options.source ?? sourceOf(path),
        repeatEvery: options.repeatEvery,
        send: kinesisStream(deployment.output('StreamName')),
        clock: systemClock,
        onProgress: ({ read, put }) => terminal.progress(`${read} lines read, ${put} events put`),
      });
      terminal.endProgress();
      report(summary, (performance.now() - startedAt) / 1000, terminal);
      if (summary.failed > 0) exit(1);
    });
}

function checkFile(path: string): void {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (!stat) throw new CommandFailure(`There is no file ${path}: check the path.`);
  if (stat.isDirectory()) throw new CommandFailure(`${path} is a folder: name a file in it.`);
}

function sourceOf(path: string): string {
  if (path === '-') return 'stdin';
  return (basename(path, extname(path)) || 'file').slice(0, LONGEST_SOURCE);
}

function idMaker(): () => string {
  const next = eventIdSequence(randomBytes);
  return () => next(Date.now());
}

interface PutMessageContext {
  streams: CliStreams;
  command: Command;
  terminal: Terminal;
}

async function putMessage(
  options: PutOptions,
  message: string,
  { streams, command, terminal }: PutMessageContext,
): Promise<void> {
  const deployment = await openDeployment(command, streams.env);
  const event = messageEvent(options, message);
  const stream = deployment.output('StreamName');
  const { failed, reasons } = await sendEvents([event], { send: kinesisStream(stream), clock: systemClock });
  if (failed > 0) throw new CommandFailure(`The event could not be put onto ${stream}: ${reasons.join('; ')}.`);
  if (terminal.json) terminal.printJson({ id: event.id, level: event.level, source: event.source, stream });
  else terminal.print(`put ${event.level} event ${event.id} onto ${stream}`);
}

/** Through the decoder, so that the limits hold here too. */
function messageEvent({ level = 'info', source = 'cli', details }: PutOptions, message: string): LogEvent {
  const now = Date.now();
  const arrival = { id: idMaker()(), arrivedAt: now, source };
  const json = {
    v: 1,
    id: arrival.id,
    type: 'log',
    time: new Date(now).toISOString(),
    level,
    source,
    message,
    details,
  };
  return decodeEvent({ json, text: JSON.stringify(json) }, arrival);
}

function report({ reasons, ...counts }: PutSummary, seconds: number, terminal: Terminal): void {
  const rounded = Math.round(seconds * 1000) / 1000;
  if (terminal.json) terminal.printJson({ ...counts, seconds: rounded, ...(counts.failed > 0 ? { reasons } : {}) });
  else {
    const repeated = counts.repeated > 0 ? `, ${counts.repeated} of them twice` : '';
    const skipped = counts.skipped > 0 ? `, ${counts.skipped} empty lines skipped` : '';
    terminal.print(`${counts.put} events put from ${counts.read} lines${repeated}${skipped}, in ${rounded} s`);
  }
  if (counts.failed > 0)
    terminal.note(`sluice: ${counts.failed} events could not be sent: ${inert(reasons.join('; '))}`);
}

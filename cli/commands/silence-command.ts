import { randomBytes } from 'node:crypto';
import { userInfo } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { Command } from 'commander';
import { matcherText, parseMatcher } from '../../shared/alerts/matcher.ts';
import { checkSilence, SILENCE_LIMITS, type Silence, silenceDetails } from '../../shared/alerts/silence.ts';
import type { AthenaResult } from '../../shared/aws/athena-query.ts';
import { kinesisStream } from '../../shared/aws/kinesis-stream.ts';
import type { LogEvent } from '../../shared/events/event.ts';
import { newEventId } from '../../shared/events/event-id.ts';
import { systemClock } from '../../shared/runtime/system-clock.ts';
import { CommandFailure, UsageError } from '../cli-error.ts';
import { type CliStreams, type Deployment, openDeployment, terminalOf } from '../context.ts';
import { inert } from '../inert-text.ts';
import { lengthOption, timeOption } from '../option-values.ts';
import { sendEvents } from '../put/send-events.ts';
import { askAthena } from '../query/ask-athena.ts';
import { renderTable, type TableColumn } from '../render-table.ts';
import { findSilence, type ListedSilence, listSilences } from '../silence/find-silences.ts';
import { type Hidden, hiddenGroups, hiddenText, previewQuery } from '../silence/preview.ts';
import { colored, type Terminal } from '../terminal.ts';

const HELP = `
Examples:
  $ sluice silence add --matcher source=shop --for 2h --reason "the database is moved"
  $ sluice silence add --matcher 'level=~"warning|error"' --matcher attributes.region=eu --for 30m --reason deploy --dry-run
  $ sluice silence list
  $ sluice silence end s-1f0c93ab

A silence hides what all of its matchers match from every receiver. It is an event on the stream, so it is in the archive
with its author and its reason. When it ends, whoever it kept something from is told how much. docs/alerting.md has more.`;

const DAY = 86_400_000;
const SHOWN = 10;
const IN_FORCE_WITHIN = 60_000;

interface AddOptions {
  matcher: string[];
  for?: number;
  until?: string;
  from?: string;
  reason: string;
  author?: string;
  dryRun?: boolean;
  preview: boolean;
}

export function silenceCommand(streams: CliStreams): Command {
  const silence = new Command('silence')
    .summary('hide notices for a while: add, list, end')
    .description('Silences: what they match is told to nobody until they end.');
  silence.addHelpText('after', HELP);
  silence
    .command('add')
    .description('show what a silence would have hidden over the last day, and make it')
    .requiredOption(
      '--matcher <matcher>',
      'such as source=shop or level=~"error|warning"; as often as there are some',
      collect,
    )
    .option('--for <length>', 'how long, such as 30m, 2h or 3d', (text) => lengthOption('for', text))
    .option('--until <time>', 'when it ends, such as 2026-11-21T18:00')
    .option('--from <time>', 'when it begins (default: now)')
    .requiredOption('--reason <text>', 'why; it is told when the silence ends')
    .option('--author <name>', 'who (default: your user name)')
    .option('--dry-run', 'only show what it would have hidden')
    .option('--no-preview', 'do not ask the archive')
    .action((options: AddOptions, command: Command) => addSilence(options, command, streams));
  silence
    .command('list')
    .description('list silences, those in force and to come')
    .option('--past', 'those that are over too')
    .action(async ({ past }: { past?: boolean }, command: Command) => {
      const terminal = terminalOf(command, streams);
      const deployment = await openDeployment(command, streams.env);
      const found = await listSilences(deployment.output('AlertGroupsTable'), Date.now(), past);
      if (terminal.json) return terminal.printJson(found.map(plain));
      if (found.length === 0) return terminal.note(`No silence on stage ${deployment.stage}.`);
      terminal.print(silencesTable(found, terminal));
    });
  silence
    .command('end')
    .description('end a silence before its time')
    .argument('<id>', 'as sluice silence list shows it')
    .option('--author <name>', 'who (default: your user name)')
    .action((id: string, { author }: { author?: string }, command: Command) =>
      endSilence(id, author, command, streams),
    );
  return silence;
}

function collect(text: string, soFar: string[] = []): string[] {
  return [...soFar, text];
}

async function addSilence(options: AddOptions, command: Command, streams: CliStreams): Promise<void> {
  const silence = silenceOf(options, Date.now());
  const terminal = terminalOf(command, streams);
  const deployment = await openDeployment(command, streams.env);
  const tableName = deployment.output('AlertGroupsTable');
  const others = await listSilences(tableName, Date.now());
  if (others.length >= SILENCE_LIMITS.count) {
    throw new CommandFailure(`There are ${others.length} silences already, as many as may be: end some of them first.`);
  }
  const hidden = options.preview ? await previewOf(silence, deployment, terminal) : undefined;
  if (!terminal.json && hidden) showPreview(hidden, terminal);
  if (!options.dryRun) {
    await putEvent(
      deployment,
      eventOf(
        'silence.created',
        silenceDetails(silence),
        `silence ${silence.id} by ${silence.author} until ${silence.endsAt}: ${silence.reason}`,
      ),
    );
    await until(async () => (await findSilence(tableName, silence.id, Date.now())) !== undefined, 'be in force');
  }
  if (terminal.json)
    terminal.printJson({
      silence: options.dryRun ? null : silenceDetails(silence).silence,
      hidden: hidden?.groups ?? null,
      isCut: hidden?.isCut,
    });
  else if (options.dryRun) terminal.note('Nothing was silenced (--dry-run).');
  else
    terminal.print(
      `${silence.id} is in force until ${silence.endsAt}: sluice silence end ${silence.id} ends it before.`,
    );
}

function silenceOf({ matcher, reason, author, ...when }: AddOptions, now: number): Silence {
  if ((when.for === undefined) === (when.until === undefined))
    throw new UsageError('silence add takes exactly one of --for and --until');
  const starts = when.from === undefined ? now : timeOption('from', when.from, now).getTime();
  const ends = when.for === undefined ? timeOption('until', when.until ?? '', now).getTime() : starts + when.for;
  if (ends <= now) throw new UsageError(`a silence ends after now, got ${new Date(ends).toISOString()}`);
  try {
    return checkSilence({
      id: `s-${randomBytes(4).toString('hex')}`,
      matchers: matcher.map(parseMatcher),
      author: author ?? userInfo().username,
      reason,
      startsAt: new Date(starts).toISOString(),
      endsAt: new Date(ends).toISOString(),
    });
  } catch (fault) {
    throw new UsageError(fault instanceof Error ? fault.message : String(fault));
  }
}

async function endSilence(
  id: string,
  author: string | undefined,
  command: Command,
  streams: CliStreams,
): Promise<void> {
  const terminal = terminalOf(command, streams);
  const deployment = await openDeployment(command, streams.env);
  const tableName = deployment.output('AlertGroupsTable');
  const found = await findSilence(tableName, id, Date.now());
  if (!found) throw new CommandFailure(`There is no silence ${id}: sluice silence list shows those that are.`);
  if (found.status === 'over') throw new CommandFailure(`The silence ${id} ended ${found.end}.`);
  const who = author ?? userInfo().username;
  await putEvent(
    deployment,
    eventOf('silence.ended', { silence: { id, author: who } }, `silence ${id} ended by ${who}`),
  );
  await until(async () => (await findSilence(tableName, id, Date.now()))?.state.endedAt !== undefined, 'end');
  const { hidden } = found.state;
  if (terminal.json) terminal.printJson({ id, hidden });
  else terminal.print(`${id} is ended. It hid ${hidden} events; whoever would have heard of them is told.`);
}

function eventOf(type: string, details: unknown, message: string): LogEvent {
  const now = Date.now();
  return {
    v: 1,
    id: newEventId(now, randomBytes),
    type,
    time: new Date(now).toISOString(),
    level: 'info',
    source: 'sluice-cli',
    message,
    details,
  };
}

async function putEvent(deployment: Deployment, event: LogEvent): Promise<void> {
  const { failed, reasons } = await sendEvents([event], {
    send: kinesisStream(deployment.output('StreamName')),
    clock: systemClock,
  });
  if (failed > 0) throw new CommandFailure(`The stream did not take the silence: ${reasons.join('; ')}.`);
}

async function until(isDone: () => Promise<boolean>, what: string): Promise<void> {
  const end = Date.now() + IN_FORCE_WITHIN;
  while (!(await isDone())) {
    if (Date.now() > end) {
      throw new CommandFailure(
        `The silence was put onto the stream and did not come to ${what} within a minute: is route-alerts behind or down?`,
      );
    }
    await sleep(250);
  }
}

async function previewOf(silence: Silence, deployment: Deployment, terminal: Terminal): Promise<Hidden | undefined> {
  const pages: AthenaResult[] = [];
  try {
    const sql = previewQuery(silence.matchers, new Date(Date.now() - DAY));
    for await (const page of askAthena(sql, deployment, terminal)) pages.push(page);
    return hiddenGroups(pages, silence.matchers);
  } catch (fault) {
    // Who must silence something at night is not kept from it by a query.
    terminal.note(`(no preview: ${inert(fault instanceof Error ? fault.message : String(fault))})`);
    return undefined;
  }
}

function showPreview(hidden: Hidden, terminal: Terminal): void {
  terminal.print(hiddenText(hidden));
  const { groups } = hidden;
  if (groups.length === 0) return;
  const columns: TableColumn[] = [
    { head: 'events', align: 'right' },
    { head: 'level', paint: (level) => colored(level, terminal.colors) },
    { head: 'source' },
    { head: 'template', gives: true },
  ];
  const rows = groups.slice(0, SHOWN).map((one) => [String(one.events), one.level, one.source, one.template]);
  terminal.print(renderTable(columns, rows, terminal));
  if (groups.length > SHOWN) terminal.note(`(and ${groups.length - SHOWN} more kinds)`);
}

function plain({ id, status, end, state }: ListedSilence) {
  const { silence, hidden, endedBy } = state;
  const { author, reason, startsAt, matchers = [] } = silence ?? {};
  return { id, status, matchers: matchers.map(matcherText), author, reason, startsAt, endsAt: end, endedBy, hidden };
}

function silencesTable(found: readonly ListedSilence[], terminal: Terminal): string {
  const columns = [
    { head: 'id' },
    { head: 'status' },
    { head: 'until' },
    { head: 'hidden', align: 'right' as const },
    { head: 'author' },
    { head: 'matchers' },
    { head: 'reason', gives: true },
  ];
  const rows = found
    .map(plain)
    .map((one) => [
      one.id,
      one.status,
      one.endsAt,
      String(one.hidden),
      one.author ?? '',
      one.matchers.join(' '),
      one.reason ?? '',
    ]);
  return renderTable(columns, rows, terminal);
}

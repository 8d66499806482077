import { resolve } from 'node:path';
import { Command } from 'commander';
import { explainRoutes } from '../../shared/alerts/explain-routes.ts';
import { decideRoutes } from '../../shared/alerts/routing-tree.ts';
import { functionEnvironment } from '../../shared/aws/lambda-functions.ts';
import { type AlertPolicy, alertPolicyOf } from '../../shared/runtime/alert-policy.ts';
import { configurationFilePath, readConfiguration } from '../../shared/runtime/configuration-file.ts';
import { deployedConfiguration } from '../../shared/runtime/environment.ts';
import { CommandFailure, UsageError } from '../cli-error.ts';
import { type CliStreams, type Deployment, openDeployment, terminalOf } from '../context.ts';
import { countOption, levelOption, timeOption } from '../option-values.ts';
import { askAthena } from '../query/ask-athena.ts';
import { archivedEventsQuery, arrivedAlerts } from '../routes/archived-events.ts';
import { type Replayed, replayRoutes } from '../routes/replay-routes.ts';
import { replayText, routedJson, routedText } from '../routes/routes-text.ts';
import { attributeOption, type TestEventOptions, testEvent } from '../routes/test-event.ts';
import type { Terminal } from '../terminal.ts';

const HELP = `
Examples:
  $ sluice routes test --level error --source shop --attribute region=eu
  $ sluice routes test --event '{"level": "critical", "source": "shop"}' --config next.yml --at 2026-11-22T03:00
  $ sluice routes replay --since 7d --config next.yml

test asks AWS for nothing. replay reads the archive, which is billed by what it reads, and sends nothing to anybody.
docs/routes.md has more.`;

const TEST_HELP = `
Examples:
  $ sluice routes test --level error --source shop --message "payment failed"
  $ sluice routes test --source shop --attribute region=eu --attribute team=pay --config next.yml
  $ sluice routes test --event '{"level": "critical", "source": "shop", "message": "down"}' --json
  $ sluice routes test --level warning --source shop --at 2026-11-22T03:00      a time at which routes may be muted

Prints every route that was looked at with its matchers: ✔ are met, ✖ are not; and who is told.`;

const REPLAY_HELP = `
Examples:
  $ sluice routes replay --since 7d --config next.yml
  $ sluice routes replay --since 24h --config next.yml --examples 10 --json
  $ sluice routes replay --since 2026-11-20T08:00 --config next.yml --present sluice.yml

Runs the events of the archive through the routes that are deployed (--present names a file instead) and those of --config, by the
code that routes, and shows the notices that the new ones would tell besides (won) and no longer (lost). Two notices are the
same when one receiver is told of the same event opening a window, or of what came of that window. Groups begin with the first event
that is read. Without events it fails: nothing was tried.`;

export function routesCommand(streams: CliStreams): Command {
  const routes = new Command('routes')
    .summary('try the routing of notices: on one event, on the past')
    .description('Tries the routing of notices before it is trusted.');
  routes.addHelpText('after', HELP);
  routes.addCommand(testCommand(streams));
  routes.addCommand(replayCommand(streams));
  return routes;
}

function testCommand(streams: CliStreams): Command {
  return new Command('test')
    .summary('which routes and receivers one event takes')
    .description('Shows which routes and receivers one event takes, matcher by matcher.')
    .option('--event <json>', 'the event, as the stream would get it')
    .option('--level <level>', 'critical, error, warning, info or debug (default: info)', levelOption)
    .option('--source <name>', 'the application that logged (default: "cli")')
    .option('--message <text>', 'what happened')
    .option('--attribute <name=value>', 'an attribute, as often as there are some', attributeOption)
    .option('--at <time>', 'when it happens (default: now, or as the event says)', (text) =>
      timeOption('at', text, Date.now()),
    )
    .option('--config <path>', 'the configuration (default: sluice.yml, or what SLUICE_CONFIG_FILE names)')
    .addHelpText('after', TEST_HELP)
    .action((options: TestEventOptions & { config?: string }, command: Command) => {
      const terminal = terminalOf(command, streams);
      const matched = testEvent(options, Date.now());
      const tree = policyOf(options.config ?? configurationFilePath(streams.env, process.cwd()), command).routing;
      const steps = explainRoutes(matched, tree);
      const ways = decideRoutes(matched, tree, Date.parse(matched.event.time));
      if (terminal.json) terminal.printJson(routedJson(matched, steps, ways));
      else terminal.print(routedText({ matched, steps, ways }, terminal));
    });
}

function policyOf(path: string, command: Command): AlertPolicy {
  const { stage } = command.optsWithGlobals<{ stage?: string }>();
  return alertPolicyOf(readConfiguration(resolve(path), stage).alerts);
}

interface ReplayOptions {
  since: string;
  config: string;
  present?: string;
  examples: number;
  limit: number;
}

const MOST_EVENTS = 5_000_000;
/** A group that was quiet for so long is forgotten, which a replay does not do. */
const LONGEST_DAYS = 30;

function replayCommand(streams: CliStreams): Command {
  return new Command('replay')
    .summary('which notices a new configuration would have told')
    .description('Replays the archive under the present and a new configuration and shows notices won and lost.')
    .requiredOption('--config <path>', 'the new configuration')
    .option('--since <time>', 'how far back: 90s, 5m, 2h, 7d, or a time such as 2026-11-21T08:00', '7d')
    .option('--present <path>', 'the present configuration (default: what is deployed)')
    .option(
      '--examples <n>',
      'notices won and lost that are shown for each receiver',
      countOption('examples', 1_000),
      3,
    )
    .option('--limit <n>', 'events that are read at most', countOption('limit', MOST_EVENTS), 1_000_000)
    .addHelpText('after', REPLAY_HELP)
    .action(async (options: ReplayOptions, command: Command) => {
      const terminal = terminalOf(command, streams);
      const to = new Date();
      const from = sinceOf(options.since, to);
      const next = policyOf(options.config, command);
      const given = options.present === undefined ? undefined : policyOf(options.present, command);
      const deployment = await openDeployment(command, streams.env);
      const present = given ?? (await deployedPolicy(deployment));
      const replayed = await replay({ from, to, present, next, options }, deployment, terminal);
      const isCut = replayed.rows >= options.limit;
      const period = { since: from.toISOString(), until: to.toISOString(), isCut };
      if (terminal.json) terminal.printJson({ ...period, ...replayed });
      else terminal.print(replayText(period, replayed, terminal));
    });
}

function sinceOf(text: string, now: Date): Date {
  const since = timeOption('since', text, now.getTime());
  if (since < now && now.getTime() - since.getTime() <= LONGEST_DAYS * 86_400_000) return since;
  throw new UsageError(`--since must lie in the last ${LONGEST_DAYS} days, got ${JSON.stringify(text)}`);
}

/** What route-alerts was deployed with. */
async function deployedPolicy({ stage }: Deployment): Promise<AlertPolicy> {
  const environment = await functionEnvironment(`sluice-${stage}-routeAlerts`);
  return alertPolicyOf(deployedConfiguration<'alerts'>(environment).alerts);
}

interface Replay {
  from: Date;
  to: Date;
  present: AlertPolicy;
  next: AlertPolicy;
  options: ReplayOptions;
}

async function replay(
  { from, to, present, next, options }: Replay,
  deployment: Deployment,
  terminal: Terminal,
): Promise<Replayed & { rows: number }> {
  let rows = 0;
  async function* pages() {
    const sql = archivedEventsQuery({ from, to, most: options.limit });
    for await (const page of askAthena(sql, deployment, terminal)) {
      rows += page.rows.length;
      yield arrivedAlerts(page);
    }
  }
  const replayed = await replayRoutes(pages(), {
    present,
    next,
    examples: options.examples,
    onProgress: (events, time) =>
      terminal.progress(`${events} events replayed, up to ${new Date(time).toISOString().slice(0, 16)}`),
  });
  if (replayed.events > 0) return { ...replayed, rows };
  throw new CommandFailure(
    `Expected events in the archive of stage ${deployment.stage} since ${from.toISOString()}, got none: nothing was replayed, so nothing was tried. The archive gets events after a few minutes (archive.buffer in sluice.yml).`,
  );
}

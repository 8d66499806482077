import type { Notice } from '../../shared/alerts/notice.ts';
import { LEVELS } from '../../shared/events/levels.ts';
import { takeNotices } from '../demo/observe.ts';
import type { Progress } from '../demo/progress.ts';
import { inert } from '../inert-text.ts';
import { renderTable } from '../render-table.ts';
import { colored, type Terminal } from '../terminal.ts';
import { countsOf, type SampleOutcome, watchSource } from './outcome.ts';
import { runStep } from './run-step.ts';
import { type Outputs, openSampleCloud, sampleEnvironment } from './sample-cloud.ts';
import type { Sample } from './sample-list.ts';
import { openSampleTopic, type SampleTopic } from './sample-topic.ts';

const PATIENCE_MILLISECONDS = 20_000;

interface Shown {
  outputs: Outputs;
  terminal: Terminal;
}

/** Runs a sample on the local cloud, waits until every event that it logged is accounted for, and shows what came of it. */
export async function runSample(name: string, sample: Sample, ports: { terminal: Terminal; progress: Progress }) {
  const { terminal, progress } = ports;
  const outputs = await openSampleCloud(progress);
  const settle = await watchSource(sample.source, outputs);
  const topic = sample.hasTopic ? await openSampleTopic() : undefined;
  try {
    const env = { ...(await sampleEnvironment(name, outputs)), TOPIC_ARN: topic?.topicArn };
    let put = 0;
    for (const step of sample.steps) {
      terminal.print(terminal.colors.bold(`$ ${step.line}`));
      put += (await runStep(step, env, (text) => process.stdout.write(text))).put;
    }
    const outcome = await progress.step('account', `all ${put} events accounted for`, (say) => settle(put, say));
    printOutcome(outcome, terminal);
    if (topic !== undefined) await printTold(topic, terminal);
    if (sample.showsNotices) await printNotices(sample, outcome, { outputs, terminal });
  } finally {
    await topic?.remove();
  }
}

function printOutcome(outcome: SampleOutcome, terminal: Terminal): void {
  const { print, colors } = terminal;
  const { archived, inIncidents } = countsOf(outcome);
  print(`\n${colors.bold('Archive')}: ${archived} events`);
  for (const level of LEVELS) {
    const events = outcome.archived[level];
    if (events !== undefined) print(`  ${String(events).padStart(5)}  ${colored(level, colors)}`);
  }
  print(`${colors.bold('Incidents')}: ${outcome.incidents.length}, for ${inIncidents} events`);
  if (outcome.incidents.length === 0) return;
  const columns = [
    { head: 'this run', align: 'right' as const },
    { head: 'in all', align: 'right' as const },
    { head: 'level' },
    { head: 'template', gives: true },
  ];
  const rows = outcome.incidents.map(({ more, count, level, template }) => [
    `+${more}`,
    String(count),
    level,
    template,
  ]);
  print(renderTable(columns, rows, terminal));
}

async function printTold({ take }: SampleTopic, { print, colors }: Terminal): Promise<void> {
  const told = await take();
  print(`${colors.bold('Topic')}: ${told.length} told`);
  for (const { subject, message } of told) print(`  ${inert(subject)}: ${inert(message)}`);
}

/** What is new is told at once, and what was told before within its window waits for its summary: that is not waited for. */
async function printNotices(sample: Sample, { incidents }: SampleOutcome, { outputs, terminal }: Shown): Promise<void> {
  const untold = new Set(incidents.filter(({ more, count }) => more === count).map(({ fingerprint }) => fingerprint));
  const notices: Notice[] = [];
  const end = Date.now() + PATIENCE_MILLISECONDS;
  do {
    notices.push(...(await takeNotices(outputs)).filter(({ source }) => source === sample.source));
    for (const { fingerprint } of notices) untold.delete(fingerprint);
  } while (untold.size > 0 && Date.now() < end);
  const { print, colors } = terminal;
  print(`${colors.bold('Notices')}: ${notices.length}`);
  for (const { kind, level, title, count } of notices) print(`  ${kind} ${level}: ${inert(title)} (${count})`);
}

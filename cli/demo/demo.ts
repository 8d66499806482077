import { existsSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { inertJson } from '../../shared/alerts/wording.ts';
import { UsageError } from '../cli-error.ts';
import { explainError } from '../explain-error.ts';
import { createTerminal } from '../terminal.ts';
import { Progress } from './progress.ts';
import { isExact } from './reconcile.ts';
import { printReport, reportJson } from './report.ts';
import { DEMO_LOG, type DemoReport, runDemo } from './run-demo.ts';

const HELP = `npm run demo -- [--file PATH] [--keep] [--json]

Starts the local cloud, deploys Sluice to it with \`serverless deploy --stage local\`, runs real work that logs through
Sluice, waits until every event is accounted for, and shows what came of it. Ends with 0 only if all counts agree.

  --file PATH  feeds the lines of this log instead of the one that PostgreSQL wrote (cli/demo/postgresql.log)
  --keep       leaves the local cloud running: look at it with \`npx sluice incidents list\`, end it with \`npm run local:stop\`
  --json       prints one JSON object on standard output, nothing else there
  --help       shows this

Examples
  npm run demo
  npm run demo -- --keep --file /var/log/syslog
  npm run -s demo -- --json > report.json
`;

interface DemoArguments {
  file: string;
  keep: boolean;
  json: boolean;
  help: boolean;
}

function readArguments(args: string[]): DemoArguments {
  const options = {
    file: { type: 'string' },
    keep: { type: 'boolean' },
    json: { type: 'boolean' },
    help: { type: 'boolean', short: 'h' },
  } as const;
  let values: { file?: string; keep?: boolean; json?: boolean; help?: boolean };
  try {
    values = parseArgs({ args, options, strict: true }).values;
  } catch (error) {
    throw new UsageError(`${(error as Error).message}. What it takes: npm run demo -- --help`);
  }
  // npm runs scripts in the project's folder; INIT_CWD is where the person typed the command.
  const file = values.file === undefined ? DEMO_LOG : resolve(process.env.INIT_CWD ?? process.cwd(), values.file);
  if (!existsSync(file)) throw new UsageError(`expected a log file at ${file}, there is none: check --file`);
  if (!statSync(file).isFile()) throw new UsageError(`expected a log file at ${file}, which is none: check --file`);
  return { file, keep: values.keep === true, json: values.json === true, help: values.help === true };
}

async function main(): Promise<number> {
  const { file, keep, json, help } = readArguments(process.argv.slice(2));
  if (help) {
    process.stdout.write(HELP);
    return 0;
  }
  const { stdout, stderr, env } = process;
  const terminal = createTerminal({ stdout, stderr, env, json, color: true, verbose: false });
  const progress = new Progress({ write: (text) => stderr.write(text), isTerminal: stderr.isTTY === true });
  const report = await runDemo({ file, keep, progress });
  // On one line: whoever reads it may come by it through npm, which writes lines of its own before.
  if (json) terminal.print(inertJson(reportJson(report)));
  else printReport(report, terminal);
  if (keep && !json) printNext(report, terminal.print);
  return isExact(report.accounts) ? 0 : 1;
}

function printNext({ endpoint }: DemoReport, print: (line: string) => void): void {
  print(`\nThe local cloud runs at ${endpoint}. Try:`);
  print('  npx sluice incidents list');
  print('  npx sluice put --level critical --source shop --message "payment 4711 failed"');
  print('  npx sluice query run errors-by-source-and-hour');
  print('  npm run local:stop');
}

try {
  process.exitCode = await main();
} catch (error) {
  const { message, exitCode } = explainError(error);
  process.stderr.write(`\n${message}\n`);
  process.exitCode = exitCode;
}

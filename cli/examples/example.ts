import { Progress } from '../demo/progress.ts';
import { explainError } from '../explain-error.ts';
import { createTerminal } from '../terminal.ts';
import { runSample } from './run-sample.ts';
import { SAMPLES } from './sample-list.ts';

const HELP = `npm run example NAME

Runs a sample application of examples/ on the local cloud, which it starts and deploys to unless that was done, waits until
every event that it logged is accounted for, and shows what came of it. The cloud stays: npm run local:stop ends it.

${Object.entries(SAMPLES)
  .map(([name, { about }]) => `  ${name.padEnd(13)} ${about}`)
  .join('\n')}
`;

async function main([name = '', ...others]: string[]): Promise<number> {
  const sample = Object.hasOwn(SAMPLES, name) ? SAMPLES[name] : undefined;
  const isAsked = name === '--help' || name === '-h';
  if (sample === undefined || others.length > 0) {
    if (isAsked) process.stdout.write(HELP);
    else process.stderr.write(`${faultOf(name, others)}\n\n${HELP}`);
    return isAsked ? 0 : 2;
  }
  const { stdout, stderr, env } = process;
  const terminal = createTerminal({ stdout, stderr, env, json: false, color: true, verbose: false });
  const progress = new Progress({ write: (text) => stderr.write(text), isTerminal: stderr.isTTY === true });
  await runSample(name, sample, { terminal, progress });
  return 0;
}

function faultOf(name: string, others: readonly string[]): string {
  if (name === '') return 'expected the name of a sample, got none';
  if (others.length > 0) return `expected one name, got ${[name, ...others].join(' ')}`;
  return `there is no sample ${JSON.stringify(name)}`;
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  const { message, exitCode } = explainError(error);
  process.stderr.write(`\n${message}\n`);
  process.exitCode = exitCode;
}

import { existsSync, readFileSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { Command } from 'commander';
import { compileRule } from '../../shared/rules/rule.ts';
import { configurationFilePath, readConfiguration } from '../../shared/runtime/configuration-file.ts';
import { CommandFailure } from '../cli-error.ts';
import { type CliStreams, type Exit, terminalOf } from '../context.ts';
import { inert } from '../inert-text.ts';
import { parseRuleTests, type RuleTest, type RuleTestResult, runRuleTest } from '../rules/rule-tests.ts';
import type { Terminal } from '../terminal.ts';

const HELP = `
Examples:
  $ sluice rules test
  $ sluice rules test --file prod.yml --tests prod.rules.yml --json

The rules are those of sluice.yml (SLUICE_CONFIG_FILE or --file names another), the tests stand beside them in
sluice.rules.yml. docs/rules.md shows how both are written. It asks AWS for nothing.`;

interface TestOptions {
  file?: string;
  tests?: string;
}

export function rulesCommand(streams: CliStreams, exit: Exit): Command {
  const test = new Command('test')
    .summary('try the rules on events')
    .description('Runs the tests that stand beside the rules: given events, expected actions.')
    .option('--file <path>', 'the configuration with the rules')
    .option('--tests <path>', 'the tests')
    .addHelpText('after', HELP)
    .action((options: TestOptions, command: Command) => {
      const outcome = runTests(options, streams.env);
      report(outcome, terminalOf(command, streams));
      if (!outcome.passed) exit(1);
    });
  return new Command('rules').summary('rules and their tests').description('Rules and their tests.').addCommand(test);
}

interface Outcome {
  passed: boolean;
  tests: RuleTestResult[];
  /** Rules that no test expects anything of. */
  untested: string[];
}

function runTests({ file, tests }: TestOptions, env: NodeJS.ProcessEnv): Outcome {
  const path = file === undefined ? configurationFilePath(env, process.cwd()) : resolve(file);
  const rules = readConfiguration(path).rules.map(compileRule);
  if (rules.length === 0) {
    throw new CommandFailure(
      `Expected at least one rule in ${path}, got none: nothing is tested; --file names another file.`,
    );
  }
  const testsPath = tests === undefined ? path.replace(/(\.ya?ml)?$/, '.rules.yml') : resolve(tests);
  if (!existsSync(testsPath)) {
    throw new CommandFailure(
      `Expected the tests of the rules in ${testsPath}, got no such file; docs/rules.md shows one.`,
    );
  }
  const written = parseRuleTests(readFileSync(testsPath, 'utf8'), basename(testsPath));
  if (written.length === 0) {
    throw new CommandFailure(
      `Expected at least one test in ${basename(testsPath)}, got none: rules that nobody tried are not tested.`,
    );
  }
  const results = written.map((test) => runRuleTest(test, rules));
  const untested = untestedOf(
    written,
    rules.map(({ rule }) => rule.name),
  );
  return { passed: untested.length === 0 && results.every(({ passed }) => passed), tests: results, untested };
}

function untestedOf(tests: readonly RuleTest[], names: readonly string[]): string[] {
  const named = new Set(tests.flatMap(({ expect }) => expect.map(({ rule }) => rule)));
  return names.filter((name) => !named.has(name));
}

function report({ passed, tests, untested }: Outcome, terminal: Terminal): void {
  if (terminal.json) {
    terminal.printJson({ passed, tests, untested });
    return;
  }
  for (const result of tests) terminal.print(resultText(result));
  for (const name of untested) terminal.print(`✖ no test expects anything of the rule ${name}`);
  const failed = tests.filter((result) => !result.passed).length;
  terminal.print(`${tests.length - failed} of ${tests.length} tests passed`);
}

function resultText({ test, passed, expected, got }: RuleTestResult): string {
  if (passed) return `✔ ${inert(test)}`;
  const lines = (word: string, texts: readonly string[]) =>
    (texts.length === 0 ? ['nothing'] : texts).map((text) => `    ${word} ${inert(text)}`);
  return [`✖ ${inert(test)}`, ...lines('expected', expected), ...lines('got     ', got)].join('\n');
}

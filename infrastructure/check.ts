import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { preparePython } from '../local/local-cloud.ts';
import { templateFaults } from './check-template.ts';

/** Packages the deployment as for AWS and checks the template: `node infrastructure/check.ts`. Needs no credentials. */
const ROOT = resolve(import.meta.dirname, '..');

/** Another account's settings, or a local cloud's, must not change what is checked. */
function withoutAws(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !name.startsWith('AWS_')));
}

function packageTemplate(folder: string, configurationFile: string): string {
  const serverless = join(ROOT, 'node_modules/.bin/serverless');
  const environment = {
    ...withoutAws(process.env),
    AWS_EC2_METADATA_DISABLED: 'true',
    SLUICE_CONFIG_FILE: join(ROOT, configurationFile),
  };
  const run = spawnSync(serverless, ['package', '--stage', 'dev', '--package', folder], {
    cwd: ROOT,
    env: environment,
    encoding: 'utf8',
  });
  if (run.status !== 0) throw new Error(`serverless package failed:\n${run.stdout}${run.stderr}${run.error ?? ''}`);
  return join(folder, 'cloudformation-template-update-stack.json');
}

/** cfn-lint of the pinned Python tools, which a bare machine gets first; or the one that CFN_LINT names. */
async function lint(path: string): Promise<string[]> {
  const command = process.env.CFN_LINT || join(await preparePython((line) => console.error(line)), 'cfn-lint');
  if (!existsSync(command)) {
    return [`cfn-lint: expected it at ${command}, got no file; set CFN_LINT to another one`];
  }
  const run = spawnSync(command, ['--', path], { encoding: 'utf8' });
  return run.status === 0 ? [] : [`cfn-lint:\n${run.stdout}${run.stderr}${run.error ?? ''}`];
}

/** As it is brought, with every part on that is off by default, and with every part off that can be. */
const CONFIGURATIONS = ['sluice.yml', 'infrastructure/everything.yml', 'infrastructure/least.yml'];

const folder = mkdtempSync(join(tmpdir(), 'sluice-template-'));
try {
  const faults: string[] = [];
  for (const [index, configuration] of CONFIGURATIONS.entries()) {
    const path = packageTemplate(join(folder, String(index)), configuration);
    const found = [...templateFaults(JSON.parse(readFileSync(path, 'utf8'))), ...(await lint(path))];
    faults.push(...found.map((fault) => `${configuration}: ${fault}`));
  }
  for (const fault of faults) console.error(fault);
  console.error(
    faults.length === 0 ? 'The packaged templates are sound.' : `The packaged templates have ${faults.length} faults.`,
  );
  process.exitCode = faults.length === 0 ? 0 : 1;
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}

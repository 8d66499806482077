import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { LocalFailure } from './local-failure.ts';

const run = promisify(execFile);

/** Where a Python is looked for, in this order; the first that is new enough and can make environments is taken. */
export const PYTHON_NAMES = ['python3', 'python3.13', 'python3.12', 'python3.11', 'python3.10', 'python'];
export const OLDEST_PYTHON = [3, 10] as const;

const PROBE = `
import sys
try:
    import venv, ensurepip
    can = 1
except ImportError:
    can = 0
print(sys.version_info[0], sys.version_info[1], can)
`;

interface FoundPython {
  name: string;
  version: string;
  isNewEnough: boolean;
  makesEnvironments: boolean;
}

/** The name of a Python that can run the local cloud. Rejects with a sentence that says what to install. */
export async function findPython(names: readonly string[] = PYTHON_NAMES): Promise<string> {
  const found: FoundPython[] = [];
  for (const name of names) {
    const python = await probePython(name);
    if (python?.isNewEnough && python.makesEnvironments) return name;
    if (python) found.push(python);
  }
  throw missingPython(found);
}

async function probePython(name: string): Promise<FoundPython | undefined> {
  try {
    const { stdout } = await run(name, ['-c', PROBE], { timeout: 20_000, env: cleanPythonEnvironment() });
    const [major = 0, minor = 0, can = 0] = stdout.trim().split(' ').map(Number);
    const isNewEnough = major > OLDEST_PYTHON[0] || (major === OLDEST_PYTHON[0] && minor >= OLDEST_PYTHON[1]);
    return { name, version: `${major}.${minor}`, isNewEnough, makesEnvironments: can === 1 };
  } catch {
    return undefined;
  }
}

function missingPython(found: FoundPython[]): LocalFailure {
  const withoutVenv = found.find((python) => python.isNewEnough);
  if (withoutVenv) {
    return new LocalFailure(
      'venv-missing',
      `${withoutVenv.name} (Python ${withoutVenv.version}) on PATH cannot make virtual environments: ` +
        'install its venv module (on Debian and Ubuntu: apt install python3-venv) and run this again.',
    );
  }
  const seen = found.map((python) => `${python.name} is ${python.version}`).join(', ');
  return new LocalFailure(
    'python-missing',
    `The local cloud needs Python ${OLDEST_PYTHON.join('.')} or newer, and none was found on PATH` +
      `${seen ? ` (${seen})` : ''}: install one, or set AWS_ENDPOINT_URL to a local cloud that runs already.`,
  );
}

/** The environment without what would lead Python or pip out of a virtual environment. */
export function cleanPythonEnvironment(env: NodeJS.ProcessEnv = process.env): Record<string, string> {
  const leadsAway = /^(PYTHON.*|PIP_(USER|TARGET|PREFIX|ROOT|REQUIRE_VIRTUALENV)|VIRTUAL_ENV|__PYVENV_LAUNCHER__)$/;
  const entries = Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return Object.fromEntries(entries.filter(([name]) => !leadsAway.test(name)));
}

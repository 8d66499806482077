import { readFileSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { type Configuration, ConfigurationError, parseConfiguration } from './configuration.ts';

/** Where the configuration is: `SLUICE_CONFIG_FILE`, or `sluice.yml` in `folder`. */
export function configurationFilePath(environment: NodeJS.ProcessEnv, folder: string): string {
  return resolve(folder, environment.SLUICE_CONFIG_FILE || 'sluice.yml');
}

/** Reads and checks the file, for a stage if one is named. Throws a `ConfigurationError`, for a file that cannot be read as well. */
export function readConfiguration(path: string, stage?: string): Configuration {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    const got = error instanceof Error ? error.message : String(error);
    throw new ConfigurationError(basename(path), [
      {
        path: '',
        expected: 'a file that can be read',
        got,
        advice: 'set SLUICE_CONFIG_FILE, or bring sluice.yml back',
      },
    ]);
  }
  return parseConfiguration(text, { fileName: basename(path), stage });
}

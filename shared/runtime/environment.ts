import { LEVELS, type Level } from '../events/levels.ts';
import type { Configuration } from './configuration.ts';
import { unpackConfiguration } from './packed-configuration.ts';

/** A variable that the deployment sets. Throws when it is missing: a function without it can do nothing right. */
export function required(name: string, environment: NodeJS.ProcessEnv = process.env): string {
  const value = environment[name];
  if (value === undefined || value === '') {
    throw new Error(`expected the environment variable ${name}, which serverless.yml sets; it is missing`);
  }
  return value;
}

/** One variable a level: `CRITICAL_TOPIC_ARN` for `requiredByLevel('TOPIC_ARN')`. */
export function requiredByLevel(suffix: string, environment = process.env): Record<Level, string> {
  const entries = LEVELS.map((level) => [level, required(`${level.toUpperCase()}_${suffix}`, environment)]);
  return Object.fromEntries(entries) as Record<Level, string>;
}

/** The part of the configuration that this function was deployed with. It was validated when it was deployed. */
export function deployedConfiguration<Part extends keyof Configuration>(
  environment = process.env,
): Pick<Configuration, Part> {
  return JSON.parse(unpackConfiguration(required('SLUICE_CONFIG', environment))) as Pick<Configuration, Part>;
}

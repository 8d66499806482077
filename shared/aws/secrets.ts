import type { SecretName } from '../alerts/receivers.ts';
import { Fault } from '../stream/fault.ts';
import type { Clock } from '../stream/ports.ts';
import { callJson } from './signed-call.ts';

/** A secret that was changed is known after so long. */
const KEPT_MILLISECONDS = 300_000;

/** Reads secrets where they are kept, and keeps them for five minutes. Rejects with a `Fault` that does not hold them. */
export type ReadSecret = (name: SecretName) => Promise<string>;

export function secretReader(clock: Clock, environment = process.env): ReadSecret {
  const kept = new Map<SecretName, { value: string; until: number }>();
  return async (name) => {
    const known = kept.get(name);
    if (known && known.until > clock.now()) return known.value;
    const value = await readSecret(name, environment);
    kept.set(name, { value, until: clock.now() + KEPT_MILLISECONDS });
    return value;
  };
}

async function readSecret(name: SecretName, environment: NodeJS.ProcessEnv): Promise<string> {
  const place = name.slice(name.indexOf(':') + 1);
  if (name.startsWith('env:')) {
    const value = environment[place];
    if (value) return value;
    throw new Fault('missing', `the environment variable ${place}, which a receiver names, is not set`);
  }
  // Secrets Manager's own is read through Parameter Store too. Source: Systems Manager User Guide, "Referencing secrets".
  const Name = name.startsWith('ssm:') ? place : `/aws/reference/secretsmanager/${place}`;
  const { Parameter } = await callJson<{ Parameter?: { Value?: string } }>('ssm', 'GetParameter', {
    input: { Name, WithDecryption: true },
  });
  if (Parameter?.Value) return Parameter.Value;
  throw new Fault('missing', `${name}, which a receiver names, is empty`);
}

import { AthenaClient } from '@aws-sdk/client-athena';
import { isHealthy } from '../../local/cloud-process.ts';
import { toLocalDialect } from '../../shared/aws/athena-local-dialect.ts';
import { type AthenaResult, athenaPages } from '../../shared/aws/athena-query.ts';
import { systemClock } from '../../shared/runtime/system-clock.ts';
import { CommandFailure } from '../cli-error.ts';
import type { Deployment } from '../context.ts';
import type { Terminal } from '../terminal.ts';

/** Runs a statement on the deployment's archive, shows how it goes, and stops it when the command is interrupted. */
export async function* askAthena(
  sql: string,
  deployment: Deployment,
  terminal: Terminal,
): AsyncGenerator<AthenaResult> {
  if (!deployment.hasArchive) throw new CommandFailure(noArchive(deployment));
  const isLocal = deployment.endpoint !== undefined && (await isHealthy(deployment.endpoint));
  const interrupted = new AbortController();
  const interrupt = () => interrupted.abort();
  process.once('SIGINT', interrupt);
  try {
    yield* athenaPages(
      {
        sql: isLocal ? toLocalDialect(sql) : sql,
        database: deployment.output('GlueDatabase'),
        workGroup: deployment.output('AthenaWorkGroup'),
      },
      {
        client: new AthenaClient({}),
        clock: systemClock,
        signal: interrupted.signal,
        onProgress: (state, seconds) => terminal.progress(`query ${state} for ${seconds.toFixed(0)} s`),
      },
    );
  } finally {
    process.removeListener('SIGINT', interrupt);
    terminal.endProgress();
  }
}

export function noArchive({ stage }: Pick<Deployment, 'stage'>): string {
  return `Stage ${stage} has no archive, so there is nothing to ask: it was deployed with archive.enabled: false in sluice.yml. Leave that out and deploy again; events are archived from then on.`;
}

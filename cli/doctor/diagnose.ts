import {
  examineAlarms,
  examineBacklog,
  examineLedger,
  examineMappings,
  examineNotices,
  examineObjects,
  examineStack,
  examineSubscriptions,
  examineThrottles,
  type Stack,
  type StreamConsumer,
} from '../../shared/health/examine.ts';
import { type Finding, unknown, well, wrong } from '../../shared/health/finding.ts';
import type { Configuration } from '../../shared/runtime/configuration.ts';
import { NO_ARCHIVE } from '../context.ts';
import { explainError } from '../explain-error.ts';
import type { DoctorPorts } from './ports.ts';

export interface Patient {
  stage: string;
  /** `the local cloud at …`, `eu-west-1`, … */
  where: string;
  /** The functions behind its stream. Default: those that are always deployed. */
  consumers?: readonly StreamConsumer[];
  alarms: Pick<Configuration['alarms'], 'isEnabled' | 'iteratorAgeSeconds'>;
}

/** Outputs that everything else is found by. */
const NEEDED = ['StreamName', 'ArchiveBucket', 'FailuresBucket', 'LedgerTable', 'AlertGroupsTable', 'CriticalTopicArn'];

/** Looks at everything of a deployment at the same time; tells it in a fixed order. Never rejects. */
export async function diagnose(patient: Patient, ports: DoctorPorts): Promise<Finding[]> {
  const { stage, where } = patient;
  const name = `sluice-${stage}`;
  try {
    const stack = await ports.stack();
    if (stack === undefined) {
      const deploy = `deploy it: npx serverless deploy --stage ${stage}`;
      return [well('access', `AWS answers: ${where}`), wrong('stack', `${name} is not deployed at ${where}`, deploy)];
    }
    const checks = checksOf(stack, patient, ports).map(([check, look]) => looked(check, look));
    return [well('access', `AWS answers: ${where}`), examineStack(name, stack, NEEDED), ...(await Promise.all(checks))];
  } catch (error) {
    return [wrong('access', `${where} does not answer as it should`, explainError(error).message)];
  }
}

type Check = [check: string, look: () => Promise<Finding>];

function checksOf(stack: Stack, { alarms, consumers }: Patient, ports: DoctorPorts): Check[] {
  const receipts = ports.receipts(stack);
  // Awaited by two of the checks, each of which tells what became of it.
  receipts.catch(() => undefined);
  return [
    ['mappings', async () => examineMappings(await ports.mappings(), consumers)],
    [
      'backlog',
      async () => {
        const [{ newest }, iteratorAges] = await Promise.all([receipts, ports.iteratorAges()]);
        return examineBacklog({ receipts: newest, iteratorAges, consumers }, alarms.iteratorAgeSeconds);
      },
    ],
    ['ledger', async () => examineLedger((await receipts).accounts)],
    ['throttles', async () => examineThrottles(await ports.throttles(stack))],
    ['quarantine', async () => examineObjects('quarantine', await ports.quarantined(stack), QUARANTINE)],
    ['archive', async () => examineArchive(stack, ports)],
    ['failures', async () => examineObjects('failures', await ports.givenUp(stack), GIVEN_UP)],
    ['notices', async () => examineNotices(await ports.overdueNotices(stack))],
    ['subscriptions', async () => examineSubscriptions(await ports.subscriptions(stack))],
    ['alarms', async () => examineAlarms(await ports.alarms(), alarms.isEnabled)],
  ];
}

async function examineArchive(stack: Stack, ports: DoctorPorts): Promise<Finding> {
  if (stack.outputs.Archive === NO_ARCHIVE) return well('archive', 'there is none: archive.enabled is false');
  return examineObjects('archive', await ports.notArchived(stack), NOT_ARCHIVED);
}

const QUARANTINE = {
  none: 'nothing was quarantined yesterday or today',
  some: 'quarantined yesterday or today',
  advice: 'each says why it could not be understood: mend who sent it, then send the payload in it again',
};
const NOT_ARCHIVED = {
  none: 'Firehose could write all of the last two days',
  some: 'that Firehose could not write in the last two days',
  advice: 'they are below errors/ in the archive bucket, each with its reason',
};
const GIVEN_UP = {
  none: 'no batch was given up in the last 30 days',
  some: 'given up in the last 30 days',
  advice: 'each is a whole batch in the failures bucket: put its records on the stream again, then delete it',
};

async function looked(check: string, look: () => Promise<Finding>): Promise<Finding> {
  try {
    return await look();
  } catch (error) {
    return unknown(check, 'it could not be looked at', explainError(error).message);
  }
}

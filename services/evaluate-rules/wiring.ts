import { kinesisStream } from '../../shared/aws/kinesis-stream.ts';
import { sqsRequests } from '../../shared/aws/sqs-requests.ts';
import { compileRule } from '../../shared/rules/rule.ts';
import { deployedTables } from '../../shared/runtime/deployed-tables.ts';
import { deployedConfiguration, required } from '../../shared/runtime/environment.ts';
import type { KinesisBatchOptions } from '../../shared/runtime/kinesis-batches.ts';
import { systemClock as clock } from '../../shared/runtime/system-clock.ts';
import { putGroups } from '../../shared/stream/put-groups.ts';
import { type EvaluateRulesPorts, evaluateRules, rulesByName } from './evaluate-rules.ts';
import { sweepRules } from './sweep-rules.ts';

const ledger = deployedTables.ledger();
const stream = { send: kinesisStream(required('STREAM_NAME')), clock };
const queueUrl = process.env.REMEDIATION_QUEUE_URL;

const ports: EvaluateRulesPorts = {
  ledger,
  clock,
  states: deployedTables.alertGroups(),
  rules: deployedConfiguration<'rules'>().rules.map(compileRule),
  put: (groups) => putGroups(groups, { ...stream, keyOf: ({ id }) => id }),
  ...(queueUrl ? { request: sqsRequests(queueUrl, clock) } : {}),
};

export const options: KinesisBatchOptions = {
  consumer: evaluateRules(ports),
  ledger,
  clock,
  retentionHours: Number(required('RETENTION_HOURS')),
};

/** Notices absences and sends what waits, within this many milliseconds. */
export const sweep = (milliseconds: number) =>
  sweepRules({ ...ports, rules: rulesByName(ports.rules) }, clock.now() + milliseconds);

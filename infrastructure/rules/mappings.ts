import { at, listOf, logicalIdIn, resourcesOf, shown, type Template } from '../template.ts';

/** What a stream's mapping needs so that nothing is lost: fault 13 of the simulation, and those around it. */
export function mappingFaults(template: Template): string[] {
  return resourcesOf(template, 'AWS::Lambda::EventSourceMapping')
    .filter(({ properties }) => properties.StartingPosition !== undefined)
    .flatMap(({ id, properties }) =>
      [
        partialAnswers(properties),
        bisect(properties),
        retryLimit(properties),
        ageLimit(template, properties),
        onFailure(template, properties),
        order(properties),
        start(properties),
      ].flatMap((fault) => (fault ? [`${id}: ${fault}`] : [])),
    );
}

type Properties = Record<string, unknown>;

function partialAnswers({ FunctionResponseTypes }: Properties): string | undefined {
  if (listOf(FunctionResponseTypes).includes('ReportBatchItemFailures')) return undefined;
  return `expected FunctionResponseTypes to have ReportBatchItemFailures, got ${shown(FunctionResponseTypes)}; without it a partial answer counts as success and records are lost`;
}

function bisect({ BisectBatchOnFunctionError: value }: Properties): string | undefined {
  if (value === true) return undefined;
  return `expected BisectBatchOnFunctionError true, got ${shown(value)}; without it one bad record holds up its whole batch`;
}

function retryLimit({ MaximumRetryAttempts: value }: Properties): string | undefined {
  if (isWithin(value, 0, 10_000)) return undefined;
  return `expected MaximumRetryAttempts from 0 to 10000, got ${shown(value)}; without a limit a record is tried until it expires`;
}

function ageLimit(template: Template, { MaximumRecordAgeInSeconds: value, EventSourceArn }: Properties) {
  const stream = template.Resources[logicalIdIn(EventSourceArn) ?? '']?.Properties;
  const retention = Number(stream?.RetentionPeriodHours ?? 24) * 3600;
  if (isWithin(value, 60, Math.min(retention - 60, 604_800))) return undefined;
  return `expected MaximumRecordAgeInSeconds from 60 to a minute under the stream's retention of ${retention}, got ${shown(value)}; a record that expires first is lost without a trace`;
}

/** SQS and SNS get where the records were, not the records: they can expire before anybody looks. */
function onFailure(template: Template, { DestinationConfig }: Properties): string | undefined {
  const destination = at(DestinationConfig, 'OnFailure', 'Destination');
  const id = logicalIdIn(destination);
  if (id && template.Resources[id]?.Type === 'AWS::S3::Bucket') return undefined;
  return `expected DestinationConfig.OnFailure to be a bucket of this template, got ${shown(destination)}; only S3 gets the records themselves`;
}

function order({ ParallelizationFactor: value }: Properties): string | undefined {
  if (value === undefined || value === 1) return undefined;
  return `expected ParallelizationFactor 1, got ${shown(value)}; above it a shard's batches overlap and watermarks skip records`;
}

function start({ StartingPosition: value }: Properties): string | undefined {
  if (value === 'TRIM_HORIZON') return undefined;
  return `expected StartingPosition TRIM_HORIZON, got ${shown(value)}; others miss what is put while the mapping is made`;
}

function isWithin(value: unknown, from: number, to: number): boolean {
  return typeof value === 'number' && Number.isInteger(value) && value >= from && value <= to;
}

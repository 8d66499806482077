/** What an event source mapping makes of a function's answer: which records of the batch come again. */
export type Verdict = { status: 'done' } | { status: 'failed'; from: number };

/**
 * Reads the answer to a batch whose sequence numbers are given, in order. Source: FACTS.md, "Lambda event source
 * mapping on Kinesis": `""`, `[]`, `null`, `{}` and an empty list mean success; an empty, null, misnamed or unknown
 * identifier fails the whole batch; of several the lowest is the checkpoint. Without ReportBatchItemFailures any
 * answer is success.
 */
export function readAnswer(answer: unknown, sequenceNumbers: readonly string[], reportsFailures: boolean): Verdict {
  if (!reportsFailures || isEmpty(answer)) return { status: 'done' };
  const failures = (answer as { batchItemFailures?: unknown }).batchItemFailures;
  if (failures === undefined || failures === null) return { status: 'done' };
  if (!Array.isArray(failures)) return { status: 'failed', from: 0 };
  if (failures.length === 0) return { status: 'done' };
  const places = failures.map((failure: unknown) => sequenceNumbers.indexOf(identifierOf(failure)));
  return { status: 'failed', from: places.includes(-1) ? 0 : Math.min(...places) };
}

function isEmpty(answer: unknown): boolean {
  return answer === undefined || answer === null || answer === '' || typeof answer !== 'object';
}

function identifierOf(failure: unknown): string {
  const identifier = (failure as { itemIdentifier?: unknown } | null)?.itemIdentifier;
  return typeof identifier === 'string' ? identifier : '';
}

import { z } from 'zod';

/** Source: CloudWatch Logs API, CreateLogGroup. */
const NAME = /^[\w.\-/#]{1,512}$/;
/**
 * Each group is one statement of the function's resource policy, which takes 20 KB; a statement takes so much beside the
 * name. Source: Lambda quotas.
 */
const POLICY_BYTES = 20_000;
const STATEMENT_BYTES = 420;

interface GroupFault {
  expected: string;
  advice: string;
}

/**
 * A list of log groups whose lines Sluice takes in, each once. With a stage, the groups of that stage's own functions are
 * faults: what a function logs about the lines that it takes in would be taken in again, for ever.
 */
export function logGroups(stage?: string) {
  return z
    .unknown()
    .optional()
    .transform((written, context): string[] => {
      const isList = Array.isArray(written);
      const list: unknown[] = isList ? written : [written ?? []].flat();
      const faults = list.flatMap((name, index) => {
        const found = groupFault(name, stage);
        return found === undefined ? [] : [{ ...found, path: isList ? [index] : [] }];
      });
      if (policyBytes(list) > POLICY_BYTES) faults.push({ ...TOO_MANY, path: [] });
      for (const { path, expected, advice } of faults) {
        context.addIssue({ code: 'custom', path, message: expected, params: { advice } });
      }
      return [...new Set(list as string[])];
    });
}

function policyBytes(names: readonly unknown[]): number {
  return [...new Set(names)].reduce<number>((sum, name) => sum + STATEMENT_BYTES + String(name).length, 0);
}

const TOO_MANY: GroupFault = {
  expected: `log groups that fit the policy of one function, of ${POLICY_BYTES / 1000} KB: some 45`,
  advice: 'subscribe the others to the stream itself, as docs/cloudwatch.md shows',
};

function groupFault(name: unknown, stage: string | undefined): GroupFault | undefined {
  if (typeof name !== 'string') return { expected: 'the name of a log group', advice: 'write [/aws/lambda/checkout]' };
  if (stage !== undefined && reachesOwn(name, stage)) {
    return {
      expected: `a log group that is not Sluice's own on the stage ${stage}`,
      advice: 'take it out: what Sluice logs about its lines would come in again, for ever',
    };
  }
  if (name.includes('*')) {
    return { expected: 'the whole name of a log group', advice: 'name each group: a subscription takes no wildcard' };
  }
  if (NAME.test(name)) return undefined;
  const advice = 'write its name, not its ARN: up to 512 letters, digits and . - _ / #';
  return { expected: 'the name of a log group', advice };
}

/** Whether the name, up to its first wildcard, is of something that the stage's stack named, or may become so. */
function reachesOwn(name: string, stage: string): boolean {
  const own = `sluice-${stage}`;
  const [fixed = '', ...wild] = name.split('*');
  const isOwn = fixed.split('/').some((part) => part === own || part.startsWith(`${own}-`));
  if (isOwn || wild.length === 0) return isOwn;
  return [`/aws/lambda/${own}-`, `/aws/kinesisfirehose/${own}`, `${own}-`].some((begin) => begin.startsWith(fixed));
}

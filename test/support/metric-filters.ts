import { CloudWatchClient, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import {
  CloudWatchLogsClient,
  DescribeMetricFiltersCommand,
  type MetricFilter,
  PutLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs';

/**
 * Writes lines to a log group, and does what the local cloud does not: emits what the deployed metric filters make of them.
 * Two kinds of patterns are read, those that Sluice deploys: optional terms (`?"ERROR" ?"FATAL"`), and the last words of a
 * line as fields (`[..., w0=High, w1, ms>3000]`). Source: CloudWatch Logs User Guide, "Filter pattern syntax".
 */
export async function writeLines(logGroupName: string, logStreamName: string, messages: readonly string[]) {
  const [logs, cloudWatch] = [new CloudWatchLogsClient({}), new CloudWatchClient({})];
  const logEvents = messages.map((message, n) => ({ timestamp: Date.now() + n, message }));
  await logs.send(new PutLogEventsCommand({ logGroupName, logStreamName, logEvents }));
  const { metricFilters = [] } = await logs.send(new DescribeMetricFiltersCommand({ logGroupName }));
  for (const filter of metricFilters) {
    const values = messages.map((message) => metricValue(filter, message)).filter((value) => value !== undefined);
    for (const { metricNamespace, metricName } of filter.metricTransformations ?? []) {
      const MetricData = values.map((Value) => ({ MetricName: metricName, Value, Timestamp: new Date() }));
      if (MetricData.length === 0) continue;
      await cloudWatch.send(new PutMetricDataCommand({ Namespace: metricNamespace, MetricData }));
    }
  }
}

function metricValue(
  { filterPattern = '', metricTransformations = [] }: MetricFilter,
  line: string,
): number | undefined {
  const [{ metricValue: value = '', defaultValue } = {}] = metricTransformations;
  const fields = filterPattern.startsWith('[') ? fieldsIn(filterPattern, line) : undefined;
  const isMatch = filterPattern.startsWith('[') ? fields !== undefined : hasTerm(filterPattern, line);
  if (!isMatch) return defaultValue;
  return Number(value.startsWith('$') ? fields?.get(value.slice(1)) : value);
}

function hasTerm(pattern: string, line: string): boolean {
  const terms = [...pattern.matchAll(/\?"((?:[^"\\]|\\.)*)"/g)].map(([, term = '']) => term.replaceAll('\\"', '"'));
  return terms.some((term) => line.includes(term));
}

function fieldsIn(pattern: string, line: string): Map<string, string> | undefined {
  const [, ...conditions] = pattern.slice(1, -1).split(', ');
  const words = line.split(' ').slice(-conditions.length);
  const fields = new Map<string, string>();
  for (const [place, condition] of conditions.entries()) {
    const [, name = '', operator, wanted = ''] = /^(\w+?)(?:(=|>)(.+))?$/.exec(condition) ?? [];
    const word = words[place] ?? '';
    if (operator === '=' && word !== wanted) return undefined;
    if (operator === '>' && !(Number(word) > Number(wanted))) return undefined;
    fields.set(name, word);
  }
  return fields;
}

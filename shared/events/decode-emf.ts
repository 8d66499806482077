import { type Draft, type Format, readFields } from './decode-fields.ts';
import { isObject, type JsonObject, ownValue, textOf } from './decode-json.ts';
import { GENERIC } from './decode-names.ts';

/** Beside the names of loggers: the dimensions of Powertools and of the embedded-metrics libraries. */
const SOURCES = [...GENERIC.source, 'Service', 'ServiceName', 'function_name', 'FunctionName', 'LogGroup'];

interface Directive {
  namespace: string;
  metrics: { name: string; unit: string }[];
}

function directiveOf(value: unknown): Directive {
  const object = isObject(value) ? value : {};
  const list = ownValue(object, 'Metrics');
  const metrics = (Array.isArray(list) ? list : []).filter(isObject).map((metric) => ({
    name: textOf(ownValue(metric, 'Name') ?? ''),
    unit: textOf(ownValue(metric, 'Unit') ?? 'None'),
  }));
  return { namespace: textOf(ownValue(object, 'Namespace') ?? ''), metrics };
}

/** `shop: latency=12 Milliseconds, orders=1 Count`: what the metrics say, for people and for the template. */
function summary(object: JsonObject, directives: readonly unknown[]): string {
  const parts = directives.map(directiveOf).map(({ namespace, metrics }) => {
    const values = metrics.map(({ name, unit }) => {
      const value = textOf(ownValue(object, name) ?? '');
      return unit === 'None' ? `${name}=${value}` : `${name}=${value} ${unit}`;
    });
    return `${namespace}: ${values.join(', ')}`;
  });
  return `metrics of ${parts.join('; ')}`;
}

const metadataOf = (object: JsonObject) => ownValue(object, '_aws');

function directivesOf(object: JsonObject): readonly unknown[] | undefined {
  const metadata = metadataOf(object);
  const directives = isObject(metadata) ? ownValue(metadata, 'CloudWatchMetrics') : undefined;
  return Array.isArray(directives) ? directives : undefined;
}

function read(object: JsonObject): Draft {
  const draft = readFields(object, { ...GENERIC, source: SOURCES });
  const metadata = metadataOf(object);
  const time = isObject(metadata) ? ownValue(metadata, 'Timestamp') : undefined;
  return {
    ...draft,
    level: draft.level ?? 'info',
    time: time ?? draft.time,
    message: draft.message ?? summary(object, directivesOf(object) ?? []),
  };
}

/** CloudWatch's embedded metric format: metrics in a log line. Source: CloudWatch User Guide, "Embedded metric format". */
export const EMF = {
  name: 'EMF',
  recognises: (object) => directivesOf(object) !== undefined,
  read,
} as const satisfies Format;

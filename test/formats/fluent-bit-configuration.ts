import { KINESIS_HOST } from './kinesis-behind-proxy.ts';

/** The parsers of Fluent Bit's own `conf/parsers.conf` for the files of containerd and of Docker. */
export const PARSERS = `
[PARSER]
    Name        cri
    Format      regex
    Regex       ^(?<time>[^ ]+) (?<stream>stdout|stderr) (?<logtag>[^ ]*) (?<log>.*)$
    Time_Key    time
    Time_Format %Y-%m-%dT%H:%M:%S.%L%z
    Time_Keep   On
[PARSER]
    Name        docker
    Format      json
    Time_Key    time
    Time_Format %Y-%m-%dT%H:%M:%S.%L
    Time_Keep   On
`;

/** What the Kubernetes API answers for the pod, from a file: the filter reads it from there when it is told to. */
export const POD = {
  kind: 'Pod',
  apiVersion: 'v1',
  metadata: {
    name: 'cart-6c8f',
    namespace: 'prod',
    uid: '0f9c2a4e-5a0f-4d0c-9d36-6b0b6f1f2a11',
    labels: { app: 'cart', 'pod-template-hash': '6c8f' },
    annotations: { 'prometheus.io/scrape': 'true' },
  },
  spec: { nodeName: 'node-1', containers: [{ name: 'cart', image: 'shop/cart:1.2.0' }] },
  status: {
    containerStatuses: [{ name: 'cart', image: 'shop/cart:1.2.0', imageID: 'docker-pullable://shop/cart@sha256:00' }],
  },
};

type Settings = Readonly<Record<string, string>>;

const section = (name: string, settings: Settings) =>
  [`[${name}]`, ...Object.entries(settings).map(([key, value]) => `    ${key} ${value}`), ''].join('\n');

/** A file and what is done with its lines; the tag is also the name of the stream. */
function tailed(tag: string, path: string, more: Settings = {}): string {
  return section('INPUT', { Name: 'tail', Tag: tag, Path: path, Read_from_Head: 'On', ...more });
}

function toStream(stream: string, certificate: string, more: Settings = {}): string {
  const kinesis = { Name: 'kinesis_streams', region: 'eu-west-1', endpoint: KINESIS_HOST, 'tls.ca_file': certificate };
  return section('OUTPUT', { ...kinesis, Match: stream, stream, ...more });
}

/** Pods' files have tags that end with the path, by which the filter knows the pod. */
function pods(stream: string, folder: string, certificate: string, more: Settings = {}): string[] {
  const metadata = { Kube_Tag_Prefix: `${stream}.${folder}.`, Kube_meta_preload_cache_dir: 'pod-metadata' };
  return [
    tailed(`${stream}.*`, `${folder}/*.log`, { Parser: 'cri' }),
    section('FILTER', { Name: 'kubernetes', Match: `${stream}.*`, ...metadata, ...more }),
    toStream(stream, certificate, { Match: `${stream}.*`, time_key: '@timestamp' }),
  ];
}

/** Fluent Bit as it is set up on Kubernetes, with Docker, on ECS and beside an application, each of them with a stream of its own. */
export function fluentBitConfiguration(certificate: string): string {
  return [
    section('SERVICE', { Flush: '0.5', Grace: '1', Parsers_File: 'parsers.conf' }),
    ...pods('kubernetes-pino', 'pods', certificate),
    ...pods('kubernetes-plain', 'plain-pods', certificate),
    // As its Helm chart has it.
    ...pods('kubernetes-merged', 'pods', certificate, { Merge_Log: 'On', Keep_Log: 'Off' }),
    tailed('docker-pino', 'docker.log', { Parser: 'docker' }),
    toStream('docker-pino', certificate, { time_key: 'timestamp', time_key_format: '%Y-%m-%dT%H:%M:%SZ' }),
    // Nothing set but what must be.
    tailed('tail-pino', 'pino.log'),
    toStream('tail-pino', certificate),
    toStream('log-key-pino', certificate, { Match: 'tail-pino', log_key: 'log' }),
    tailed('tail-plain', 'plain.log'),
    toStream('tail-plain', certificate),
    toStream('tail-plain-time-key', certificate, { Match: 'tail-plain', time_key: 'time' }),
    tailed('tail-trace', 'trace.log', { 'multiline.parser': 'python' }),
    toStream('tail-trace', certificate, { time_key: 'time' }),
    // As ECS writes it for FireLens.
    section('INPUT', { Name: 'forward', unix_path: 'forward.sock' }),
    `[FILTER]
    Name record_modifier
    Match shop-firelens
    Record ecs_cluster shops
    Record ecs_task_arn arn:aws:ecs:eu-west-1:123456789012:task/shops/0123456789abcdef
    Record ecs_task_definition shop:12
`,
    toStream('firelens-plain', certificate, { Match: 'shop-firelens' }),
    // As its S3 output writes, too.
    section('OUTPUT', { Name: 'stdout', Match: 'tail-plain', Format: 'json_lines' }),
  ].join('\n');
}

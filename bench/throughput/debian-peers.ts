import { execFileSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LEVELS } from '../../shared/events/levels.ts';
import { debianPrograms } from '../../test/support/debian-packages.ts';

const ROOT = join(import.meta.dirname, '..', '..', '.local', 'bench-debian');
/**
 * Debian does not let the two be installed side by side, so their packages are unpacked under .local, with the libraries
 * that a small system lacks. Nothing on the machine is changed.
 */
const PACKAGES = [
  'rsyslog',
  'syslog-ng-core',
  'libestr0',
  'libfastjson4',
  'liblognorm5',
  'libivykis0',
  'libjson-c5',
  'libnet1',
  'libwrap0',
  'libsystemd0',
  'libpcre3',
];

export interface Peer {
  name: string;
  command: string;
  args: (port: number, folder: string) => string[];
  env: Record<string, string>;
}

export type Peers = { peers: Peer[]; missing: string[] };

/** rsyslog and syslog-ng, ready to be started. What cannot be fetched is told. */
export function debianPeers(): Peers {
  let libraries: string;
  try {
    libraries = debianPrograms(ROOT, PACKAGES).env.LD_LIBRARY_PATH;
  } catch {
    return {
      peers: [],
      missing: ['rsyslog and syslog-ng: their Debian packages could not be fetched with apt-get download'],
    };
  }
  const env = { LD_LIBRARY_PATH: `${libraries}:${join(ROOT, 'usr/lib/syslog-ng')}` };
  return {
    missing: [],
    peers: [
      {
        name: `rsyslog ${versionOf('rsyslogd', env)}`,
        command: join(ROOT, 'usr/sbin/rsyslogd'),
        args: rsyslogArgs,
        env,
      },
      {
        name: `syslog-ng ${versionOf('syslog-ng', env)}`,
        command: join(ROOT, 'usr/sbin/syslog-ng'),
        args: syslogNgArgs,
        env,
      },
    ],
  };
}

function versionOf(program: string, env: Record<string, string>): string {
  const flag = program === 'rsyslogd' ? '-v' : '--version';
  const text = execFileSync(join(ROOT, 'usr/sbin', program), [flag], { env, encoding: 'utf8' });
  return /\d+\.\d+\.\d+/.exec(text)?.[0] ?? '';
}

/** imtcp, one event a line, mmjsonparse, one file for each level. */
function rsyslogArgs(port: number, folder: string): string[] {
  const modules = ['x86_64-linux-gnu', 'aarch64-linux-gnu']
    .map((arch) => join(ROOT, 'usr/lib', arch, 'rsyslog'))
    .find(existsSync);
  const files = LEVELS.map(
    (level) =>
      `if $!level == "${level}" then { action(type="omfile" file="${folder}/${level}.log" template="line" ioBufferSize="256k") stop }`,
  );
  const lines = [
    `global(maxMessageSize="256k" workDirectory="${folder}")`,
    'module(load="imtcp")',
    'module(load="mmjsonparse")',
    'template(name="line" type="string" string="%rawmsg%\\n")',
    'main_queue(queue.type="LinkedList" queue.size="500000" queue.dequeueBatchSize="2048")',
    `input(type="imtcp" address="127.0.0.1" port="${port}" ruleset="route")`,
    'ruleset(name="route") {',
    'action(type="mmjsonparse" cookie="")',
    ...files,
    '}',
  ];
  const file = join(folder, 'rsyslog.conf');
  writeFileSync(file, `${lines.join('\n')}\n`);
  return ['-n', '-f', file, '-i', join(folder, 'rsyslog.pid'), '-M', modules ?? ''];
}

/** network() with no-parse, json-parser, one file for each level. */
function syslogNgArgs(port: number, folder: string): string[] {
  const routes = LEVELS.flatMap((level) => [
    `filter f_${level} { "\${.json.level}" eq "${level}" };`,
    `destination d_${level} { file("${folder}/${level}.log" template("$MSG\\n") flush-lines(1000) log-fifo-size(2000000)); };`,
    `log { source(s); parser(p); filter(f_${level}); destination(d_${level}); flags(flow-control); };`,
  ]);
  const lines = [
    '@version: 3.38',
    'options { stats-freq(0); log-fifo-size(2000000); keep-hostname(yes); use-dns(no); };',
    `source s { network(ip("127.0.0.1") port(${port}) transport("tcp") flags(no-parse) log-msg-size(262144) log-iw-size(100000) log-fetch-limit(10000)); };`,
    'parser p { json-parser(prefix(".json.")); };',
    ...routes,
  ];
  const file = join(folder, 'syslog-ng.conf');
  writeFileSync(file, `${lines.join('\n')}\n`);
  const modules = join(ROOT, 'usr/lib/syslog-ng/3.38');
  const paths = ['persist', 'pid', 'ctl'].map((name) => join(folder, `syslog-ng.${name}`));
  return [
    '-F',
    '-f',
    file,
    '-R',
    paths[0] ?? '',
    '-p',
    paths[1] ?? '',
    '-c',
    paths[2] ?? '',
    '--no-caps',
    `--module-path=${modules}`,
  ];
}

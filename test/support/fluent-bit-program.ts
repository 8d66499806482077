import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type DebianPrograms, debianPrograms } from './debian-packages.ts';

const run = promisify(execFile);

/** An npm package that holds the whole source of Fluent Bit 1.8.15; nothing else of it is used. */
const SOURCE = 'fluent-bit@0.0.3';
const SOURCE_SHA512 = 'aphqYAdWbA78zBOJZ8MMThiMGRKQHFoPl988INriZRnTPYrryyyPlG8csC3ZZOe/xAYgbuBZ4mY94i+RyDRGFQ==';

/** What generates its parsers, the regular expressions that it links, and what writes a certificate for tests. */
const PACKAGES = ['flex', 'bison', 'm4', 'libsigsegv2', 'libfl2', 'libonig-dev', 'libonig5', 'openssl', 'libssl3'];

/** Of what is on by default, what tests have no use for. */
const WITHOUT = ['SHARED_LIB', 'EXAMPLES', 'BACKTRACE', 'LUAJIT', 'STREAM_PROCESSOR', 'SQLDB', 'HTTP_SERVER'];
const WITHOUT_TOO = ['PROXY_GO', 'CUSTOM_CALYPTIA', 'DEBUG', 'INOTIFY'];
const PLUGINS = new Set([
  'IN_EMITTER',
  'IN_FORWARD',
  'IN_STORAGE_BACKLOG',
  'IN_TAIL',
  'FILTER_KUBERNETES',
  'FILTER_RECORD_MODIFIER',
  'OUT_KINESIS_STREAMS',
  'OUT_STDOUT',
]);

/** The package has not its library of regular expressions, Onigmo: what Onigmo grew from takes its place, with the same calls. */
const ONIGMO = `add_library(libonigmo SHARED IMPORTED GLOBAL)
set_target_properties(libonigmo PROPERTIES IMPORTED_LOCATION "\${ONIGURUMA_LIBRARY}")
include_directories("\${ONIGURUMA_INCLUDE}")
`;

/** What the registry gave is not what was pinned: no machine's fault, and never to be passed over. */
export class SourceMismatch extends Error {}

/** Fluent Bit, built, and what it needs to run. */
export interface FluentBit {
  program: string;
  openssl: string;
  env: { LD_LIBRARY_PATH: string; OPENSSL_CONF: string };
}

/**
 * Fluent Bit 1.8.15, built from source into the folder unless it is there already: about a minute of one core. Only the plugins
 * that tests use are in it; its source is what it was, but for its library of regular expressions. Throws where the source,
 * Debian's packages, cmake, make or a C compiler cannot be had; a source other than the pinned one is never unpacked,
 * and throws a `SourceMismatch`.
 */
export async function fluentBitProgram(root: string): Promise<FluentBit> {
  const tools = debianPrograms(join(root, 'tools'), PACKAGES);
  const program = join(root, 'fluent-bit');
  if (!existsSync(program)) await build(root, program, tools);
  const env = { ...tools.env, OPENSSL_CONF: join(tools.root, 'etc/ssl/openssl.cnf') };
  return { program, openssl: join(tools.root, 'usr/bin/openssl'), env };
}

async function build(root: string, program: string, tools: DebianPrograms): Promise<void> {
  const folder = join(root, 'build');
  rmSync(folder, { recursive: true, force: true });
  const source = join(folder, 'source');
  const target = join(folder, 'target');
  for (const path of [source, target]) mkdirSync(path, { recursive: true });
  const archive = await fetchSource(folder);
  await run('tar', ['-xzf', archive, '-C', source, '--strip-components', '3', 'package/src/fluent-bit']);
  writeFileSync(join(source, 'cmake/onigmo.cmake'), ONIGMO);
  copyFileSync(join(tools.root, 'usr/include/oniguruma.h'), join(folder, 'onigmo.h'));
  // Nothing of the environment that a build has no use for: it may hold credentials.
  const env = {
    PATH: process.env.PATH,
    ...tools.env,
    BISON_PKGDATADIR: join(tools.root, 'usr/share/bison'),
    M4: join(tools.root, 'usr/bin/m4'),
    CFLAGS: '-O0 -w',
  };
  const options = { cwd: target, env, maxBuffer: 64 * 1024 * 1024 };
  await run('cmake', [source, ...switches(source), ...paths(folder, tools)], options);
  await run('make', ['fluent-bit-bin'], options);
  copyFileSync(join(target, 'bin/fluent-bit'), `${program}.new`);
  await run('mv', [`${program}.new`, program]);
  rmSync(folder, { recursive: true });
}

async function fetchSource(folder: string): Promise<string> {
  await run('npm', ['pack', '--ignore-scripts', '--pack-destination', folder, SOURCE], { cwd: folder });
  const archive = readdirSync(folder).find((file) => file.endsWith('.tgz')) ?? '';
  const sha512 = createHash('sha512')
    .update(readFileSync(join(folder, archive)))
    .digest('base64');
  if (sha512 !== SOURCE_SHA512)
    throw new SourceMismatch(
      `expected ${SOURCE} as sha512-${SOURCE_SHA512}, came sha512-${sha512}; it was not unpacked`,
    );
  return join(folder, archive);
}

/** Every plugin that the source knows is named, on or off: its defaults are nearly all of them. */
function switches(source: string): string[] {
  const known = readFileSync(join(source, 'CMakeLists.txt'), 'utf8').matchAll(/^option\(FLB_((?:IN|OUT|FILTER)_\w+)/gm);
  const plugins = [...known].map(([, name = '']) => `-DFLB_${name}=${PLUGINS.has(name) ? 'On' : 'Off'}`);
  return [...[...WITHOUT, ...WITHOUT_TOO].map((name) => `-DFLB_${name}=Off`), ...plugins];
}

function paths(folder: string, tools: DebianPrograms): string[] {
  const library = tools.env.LD_LIBRARY_PATH.split(':').map((path) => join(path, 'libonig.so'));
  return [
    `-DONIGURUMA_LIBRARY=${library.find((path) => existsSync(path))}`,
    `-DONIGURUMA_INCLUDE=${folder}`,
    `-DFLEX_EXECUTABLE=${join(tools.root, 'usr/bin/flex')}`,
    `-DBISON_EXECUTABLE=${join(tools.root, 'usr/bin/bison')}`,
    // Its own mbed TLS on every machine, whether OpenSSL's headers are there or not.
    '-DCMAKE_DISABLE_FIND_PACKAGE_OpenSSL=On',
    // Newer releases of cmake refuse what a project as old as this one asks for.
    '-DCMAKE_POLICY_VERSION_MINIMUM=3.5',
  ];
}

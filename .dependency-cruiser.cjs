// The arrows of docs/architecture.md. Each rule is proven by a planted violation in test/architecture.test.ts.

const PURE = ['events', 'incidents', 'alerts', 'archive', 'hosts', 'cost', 'remediation', 'rules', 'health'];
const TESTS = '\\.(test|fixture)\\.ts$';

/** Rules match events as routes do, and ask for restarts. */
const ALSO = { rules: ['alerts', 'remediation'] };

const pureFolder = (name) => ({
  name: `pure-${name}`,
  comment: `shared/${name} is pure: it imports ${['events', ...(ALSO[name] ?? [])].join(', ')} and itself`,
  severity: 'error',
  from: { path: `^shared/${name}/`, pathNot: TESTS },
  to: {
    pathNot: [
      `^shared/(${['events', name, ...(ALSO[name] ?? [])].join('|')})/`,
      name === 'events' ? '^node:crypto$|^crypto$|node_modules/zod/' : '^$',
    ],
  },
});

module.exports = {
  forbidden: [
    ...PURE.map(pureFolder),
    {
      name: 'stream-is-pure-with-ports',
      comment:
        'shared/stream imports shared/events, itself, compression and p-map; whatever else it needs comes in as a port',
      severity: 'error',
      from: { path: '^shared/stream/', pathNot: TESTS },
      to: { pathNot: ['^shared/(events|stream)/', '^(node:)?(zlib|crypto|buffer|util)$', 'node_modules/p-map/'] },
    },
    {
      name: 'only-adapters-import-the-sdk',
      comment: 'an AWS SDK is imported in shared/aws; tools that a person runs, and tests, may hold a client for it',
      severity: 'error',
      from: { path: '.', pathNot: ['^shared/aws/', '^(cli|local|infrastructure|test|bench)/', TESTS] },
      to: { path: ['node_modules/@aws-sdk/', 'node_modules/@smithy/'] },
    },
    {
      name: 'shared-imports-shared',
      comment: 'shared knows nothing of what is built on it',
      severity: 'error',
      from: { path: '^shared/', pathNot: TESTS },
      to: { path: '^(?!shared/|node_modules/|node:)[a-z-]+/', dependencyTypesNot: ['core', 'npm', 'npm-dev'] },
    },
    {
      name: 'services-import-shared',
      comment: 'a service imports shared and itself, never another service',
      severity: 'error',
      from: { path: '^services/([^/]+)/', pathNot: TESTS },
      to: { path: '^[a-z-]+/', pathNot: ['^shared/', '^services/$1/', '^node_modules/'], dependencyTypesNot: ['core'] },
    },
    {
      name: 'client-is-small',
      comment:
        'what an application imports has only the schema, the sending, PutRecords and PublishBatch beside its own',
      severity: 'error',
      from: { path: '^client/', pathNot: TESTS },
      to: {
        path: '^[a-z-]+/',
        pathNot: [
          '^shared/(events|stream)/',
          '^shared/aws/(kinesis-stream|sns-publish)\\.ts$',
          '^client/',
          '^node_modules/',
        ],
        dependencyTypesNot: ['core'],
      },
    },
    {
      name: 'nobody-imports-services',
      comment: 'services are deployed; tests and benchmarks run their core',
      severity: 'error',
      from: { path: '.', pathNot: ['^services/', '^(test|bench)/'] },
      to: { path: '^services/' },
    },
    {
      name: 'nobody-imports-handlers',
      comment: 'a handler wires adapters when it is loaded; what others run is the core beside it',
      severity: 'error',
      from: { path: '.' },
      to: { path: '^services/[^/]+/handler\\.ts$' },
    },
    {
      name: 'nobody-imports-the-edges',
      comment: 'cli, console, packaging, test and bench are where things end',
      severity: 'error',
      from: { path: '^(?!cli/|console/|packaging/|test/|bench/)[^/]+/', pathNot: TESTS },
      to: { path: '^(cli|console|packaging|test|bench)/' },
    },
    {
      name: 'edges-stay-apart',
      comment: 'the command line imports neither tests nor benchmarks nor the console',
      severity: 'error',
      from: { path: '^(cli|console)/', pathNot: TESTS },
      to: { path: '^(test|bench)/' },
    },
    {
      name: 'packaging-imports-tools',
      comment: 'packaging makes files of the others, by their paths; it imports none of them',
      severity: 'error',
      from: { path: '^packaging/', pathNot: TESTS },
      to: { path: '^[a-z-]+/', pathNot: ['^packaging/', '^node_modules/'], dependencyTypesNot: ['core'] },
    },
    {
      name: 'no-cycles',
      comment: 'a cycle hides which of the two is the idea and which the detail; types alone may know each other',
      severity: 'error',
      from: { path: '.' },
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'no-unresolvable',
      comment: 'what cannot be found cannot be checked',
      severity: 'error',
      from: { path: '.' },
      // `aws-lambda` is types only: its package is @types/aws-lambda.
      to: { couldNotResolve: true, pathNot: '^aws-lambda$' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      extensions: ['.ts', '.js', '.cjs', '.mjs', '.json'],
      conditionNames: ['import', 'node', 'default'],
      exportsFields: ['exports'],
    },
  },
};

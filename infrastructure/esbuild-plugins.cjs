// What esbuild.yml's `plugins` names: serverless-esbuild and the benchmark of sizes load it.
const { readFileSync } = require('node:fs');

const SCHEMAS = /[\\/]@aws-sdk[\\/]client-[\w-]+[\\/]dist-es[\\/]schemas[\\/]schemas_0\.js$/;
const DECLARATION = /^((?:export )?(?:var|const) [\w$]+ = )(\[[\s\S]*?\]);$/gm;

/**
 * An AWS client describes all of its calls in one file, whose keys such as `[_eQN]` keep esbuild from leaving out what
 * nobody uses: EC2's is 552 KB of a function that calls four. Each description becomes one that is made only where it is
 * used: 20 KB, and 60 KB less for a function with S3.
 */
const usedSchemasOnly = {
  name: 'used-schemas-only',
  setup(build) {
    build.onLoad({ filter: SCHEMAS }, ({ path }) => {
      const text = readFileSync(path, 'utf8');
      const contents = text.replace(DECLARATION, (_, name, list) => `${name}/* @__PURE__ */ (() => ${list})();`);
      return { contents, loader: 'js' };
    });
  },
};

const ENDPOINT_CACHE = /[\\/]@aws-sdk[\\/]endpoint-cache[\\/]dist-es[\\/]EndpointCache\.js$/;

/**
 * DynamoDB's client makes a cache for endpoints that it asks the service for. No region needs to be asked, the SDK does not
 * unless AWS_ENABLE_ENDPOINT_DISCOVERY tells it to, and the cache brings two packages: 8 KB of every function. One that
 * keeps nothing takes its place.
 */
const noEndpointCache = {
  name: 'no-endpoint-cache',
  setup(build) {
    const contents =
      'export class EndpointCache { get() {} getEndpoint() {} set() {} delete() {} clear() {} has() { return false; } }';
    build.onLoad({ filter: ENDPOINT_CACHE }, () => ({ contents, loader: 'js' }));
  },
};

module.exports = [usedSchemasOnly, noEndpointCache];

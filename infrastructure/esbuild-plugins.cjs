// What esbuild.yml's `plugins` names: serverless-esbuild and the benchmark of sizes load it.
const { readFileSync } = require('node:fs');

const SCHEMAS = /[\\/]@aws-sdk[\\/]client-[\w-]+[\\/]dist-es[\\/]schemas[\\/]schemas_0\.js$/;
const DECLARATION = /^((?:export )?(?:var|const) [\w$]+ = )(\[[\s\S]*?\]);$/gm;

/**
 * EC2's client describes 700 calls in one file, whose keys such as `[_eQN]` keep esbuild from leaving out what nobody
 * uses: 552 KB of a function that calls four. Each description becomes one that is made only where it is used: 20 KB.
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

module.exports = [usedSchemasOnly];

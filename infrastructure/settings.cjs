// What serverless.yml reads with ${file(...)}: it can load CommonJS only, and Node 24 loads the rest as TypeScript.
const [major] = process.versions.node.split('.');
if (Number(major) < 24) {
  throw new Error(
    `Sluice deploys with Node 24, this is ${process.version}: run it as "npx serverless deploy", which uses the Node 24 in node_modules`,
  );
}

const { deployment } = require('./deployment.ts');

/** `${file(infrastructure/settings.cjs):deployment.…}`: plain values and resources that are made, not written. */
module.exports.deployment = async (context) => {
  try {
    return await deployment(context);
  } catch (error) {
    // The framework prints the stack where there is one; the person needs the sentence.
    if (error instanceof Error) error.stack = '';
    throw error;
  }
};

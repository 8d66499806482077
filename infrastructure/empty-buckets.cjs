const { accountBuckets } = require('./account-buckets.ts');
const { emptyBuckets } = require('./empty-buckets.ts');

/** `serverless remove` empties the buckets of a stage that does not keep its data: see keepData in serverless.yml. */
module.exports = class EmptyBuckets {
  constructor(serverless, _options, { progress }) {
    this.hooks = {
      'before:remove:remove': async () => {
        if (serverless.service.custom.deployment.deletionPolicy !== 'Delete') return;
        const provider = serverless.getProvider('aws');
        const step = progress.create({ message: 'Emptying buckets' });
        try {
          await emptyBuckets(provider.naming.getStackName(), accountBuckets(await provider.getAwsSdkV3Config()));
        } finally {
          step.remove();
        }
      },
    };
  }
};

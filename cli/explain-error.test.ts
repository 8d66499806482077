import { expect, test } from 'vitest';
import { LocalFailure } from '../local/local-failure.ts';
import { awsFault } from '../shared/aws/aws-fault.ts';
import { CommandFailure, UsageError } from './cli-error.ts';
import { explainError } from './explain-error.ts';

const named = (name: string, message: string) => Object.assign(new Error(message), { name });

test.each([
  ['a usage error', new UsageError('wrong'), { message: 'wrong', exitCode: 2 }],
  ['a failure of ours', new CommandFailure('no\u001b[2J'), { message: 'no\\u001b[2J', exitCode: 1 }],
  [
    'a local failure with log lines',
    new LocalFailure('not-healthy', 'a\n  b\u001b'),
    { message: 'a\n  b\\u001b', exitCode: 1 },
  ],
  [
    'no region',
    new Error('Region is missing'),
    {
      message:
        'No AWS region was found: give --region, or set AWS_REGION. To try it on this machine: sluice local start.',
      exitCode: 1,
    },
  ],
  ['anything else', new TypeError('x'), { message: 'It failed: TypeError: x (--verbose shows where)', exitCode: 1 }],
  ['what is no error', 'thrown', { message: 'It failed: thrown (--verbose shows where)', exitCode: 1 }],
])('%s', (_, error, explained) => {
  expect(explainError(error)).toEqual(explained);
});

test('the cause inside of a fault decides', () => {
  const fault = awsFault('Query', named('CredentialsProviderError', 'Could not load credentials from any providers'));
  expect(explainError(fault).message).toMatch(
    /^No AWS credentials were found: set AWS_PROFILE .*\(Could not load credentials/,
  );
});

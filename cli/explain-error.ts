import { LocalFailure } from '../local/local-failure.ts';
import { ConfigurationError } from '../shared/runtime/configuration-fault.ts';
import { CommandFailure, UsageError } from './cli-error.ts';
import { inert, inertLines } from './inert-text.ts';

/** Errors of the AWS SDK by name, and what a person can do about them. */
const ADVICE: Readonly<Record<string, string>> = {
  CredentialsProviderError:
    'No AWS credentials were found: set AWS_PROFILE or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or use the local cloud (sluice local start).',
  TokenProviderError: 'The AWS session is over: sign in again (aws sso login).',
  ExpiredTokenException: 'The AWS session is over: sign in again and repeat the command.',
  ExpiredToken: 'The AWS session is over: sign in again and repeat the command.',
  UnrecognizedClientException: 'AWS does not know these credentials: check AWS_PROFILE and the access key.',
  InvalidClientTokenId: 'AWS does not know these credentials: check AWS_PROFILE and the access key.',
  AccessDeniedException: 'AWS refused it: these credentials lack a permission.',
  AccessDenied: 'AWS refused it: these credentials lack a permission.',
  ResourceNotFoundException:
    'What it needs is not there: was the stage deployed by this version (npx serverless deploy)?',
  ECONNREFUSED: 'Nothing answers at that address: check AWS_ENDPOINT_URL, or see sluice local status.',
  ENOTFOUND: 'That address is unknown: check the network and --region.',
  TimeoutError: 'It took too long: check the network and repeat the command.',
};

/** The sentence for a person, and the exit code: 1 failed, 2 written wrong. */
export function explainError(error: unknown): { message: string; exitCode: 1 | 2 } {
  const ours = ownSentence(error);
  if (ours !== undefined) return { message: ours, exitCode: error instanceof UsageError ? 2 : 1 };
  for (const cause of causes(error)) {
    const advice = ADVICE[cause.name] ?? ADVICE[(cause as NodeJS.ErrnoException).code ?? ''];
    if (advice) return { message: `${advice} (${inert(cause.message || cause.name)})`, exitCode: 1 };
    if (cause.message === 'Region is missing')
      return {
        message:
          'No AWS region was found: give --region, or set AWS_REGION. To try it on this machine: sluice local start.',
        exitCode: 1,
      };
  }
  const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return { message: `It failed: ${inert(message)} (--verbose shows where)`, exitCode: 1 };
}

/** What was written for a person. */
function ownSentence(error: unknown): string | undefined {
  if (error instanceof UsageError || error instanceof CommandFailure) return inert(error.message);
  // One has a fault a line, the other may have the last lines of a log in it.
  const hasLines = error instanceof ConfigurationError || error instanceof LocalFailure;
  return hasLines ? inertLines(error.message) : undefined;
}

/** The innermost first: it knows most. */
function causes(error: unknown): Error[] {
  const chain: Error[] = [];
  for (let at = error; at instanceof Error && chain.length < 10; at = at.cause) chain.unshift(at);
  return chain;
}

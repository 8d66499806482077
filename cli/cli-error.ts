/** A command was written wrong: exit code 2. The message says what was expected and what came. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** A command was right and could not be carried out: exit code 1. The message is a sentence for a person. */
export class CommandFailure extends Error {
  override readonly name = 'CommandFailure';
}

import type { Level } from '../../shared/events/levels.ts';
import { UsageError } from '../cli-error.ts';

export interface PutOptions {
  level?: Level;
  source?: string;
  message?: string;
  details?: unknown;
  file?: string;
  repeatEvery?: number;
}

/** Characters of a source, as the event's schema and Kinesis's partition key have it. */
export const LONGEST_SOURCE = 256;

/** What a command line may not combine. Throws a `UsageError` that says what was expected and what came. */
export function checkPutOptions(input: string | undefined, options: PutOptions): void {
  const fault = inputFault(input, options) ?? messageFault(options) ?? sourceFault(options);
  if (fault) throw new UsageError(fault);
}

function inputFault(input: string | undefined, { message, file }: PutOptions): string | undefined {
  if (input !== undefined && input !== '-') {
    return `put takes no argument but a single -, got ${JSON.stringify(input)}: did you mean --file or --message?`;
  }
  const ways = [message, file, input].filter((way) => way !== undefined).length;
  return ways === 1 ? undefined : `put takes exactly one of --message, --file and -, got ${ways === 0 ? 'none' : ways}`;
}

function messageFault({ message, level, details, repeatEvery }: PutOptions): string | undefined {
  if (message === undefined) {
    const isForMessage = level !== undefined || details !== undefined;
    return isForMessage ? '--level and --details belong to --message: a line says its own level' : undefined;
  }
  return repeatEvery === undefined ? undefined : '--repeat-every belongs to --file or -: there is only one message';
}

function sourceFault({ source }: PutOptions): string | undefined {
  if (source === undefined || (source.length > 0 && source.length <= LONGEST_SOURCE)) return undefined;
  return `--source must be 1 to ${LONGEST_SOURCE} characters, got ${source.length}`;
}

import type { Writable } from 'node:stream';
import pc from 'picocolors';
import { inertJson } from '../shared/alerts/wording.ts';
import type { Level } from '../shared/events/levels.ts';

type Stream = Writable & { isTTY?: boolean; columns?: number };

export interface TerminalOptions {
  stdout: Stream;
  stderr: Stream;
  /** `--json`: the answer is one JSON value on stdout. */
  json: boolean;
  /** False for `--no-color`. */
  color: boolean;
  verbose: boolean;
  env: NodeJS.ProcessEnv;
}

/** Where a command writes: answers to stdout, everything else to stderr. */
export interface Terminal {
  readonly json: boolean;
  readonly verbose: boolean;
  /** Characters in a line; undefined when stdout is no terminal. */
  readonly width: number | undefined;
  readonly colors: ReturnType<typeof pc.createColors>;
  /** A line of the answer. */
  print(line: string): void;
  printJson(value: unknown): void;
  /** A remark for a person. */
  note(line: string): void;
  /** What a long step has come to: rewritten in place on a terminal, now and then a line elsewhere. */
  progress(line: string): void;
  /** Takes the progress line away. */
  endProgress(): void;
}

const LINE_EVERY_MS = 5_000;
const REWRITE_EVERY_MS = 100;

export function createTerminal({ stdout, stderr, json, color, verbose, env }: TerminalOptions): Terminal {
  const wantsColor = color && !env.NO_COLOR && env.TERM !== 'dumb' && stdout.isTTY === true;
  let shown = false;
  let last = Date.now();
  const endProgress = () => {
    if (shown) stderr.write('\r\u001b[2K');
    shown = false;
  };
  return {
    json,
    verbose,
    width: stdout.isTTY ? (stdout.columns ?? 80) : undefined,
    colors: pc.createColors(wantsColor),
    print(line) {
      endProgress();
      stdout.write(`${line}\n`);
    },
    printJson(value) {
      endProgress();
      stdout.write(`${inertJson(value, 2)}\n`);
    },
    note(line) {
      endProgress();
      stderr.write(`${line}\n`);
    },
    progress(line) {
      const due = Date.now() - last >= (stderr.isTTY ? REWRITE_EVERY_MS : LINE_EVERY_MS);
      if (!due) return;
      last = Date.now();
      if (stderr.isTTY) stderr.write(`\r\u001b[2K${line.slice(0, (stderr.columns ?? 80) - 1)}`);
      else stderr.write(`${line}\n`);
      shown = stderr.isTTY === true;
    },
    endProgress,
  };
}

const COLOR_OF_LEVEL: Readonly<Record<Level, 'magenta' | 'red' | 'yellow' | 'green' | 'gray'>> = {
  critical: 'magenta',
  error: 'red',
  warning: 'yellow',
  info: 'green',
  debug: 'gray',
};

/** A level in its colour; anything else as it is. */
export function colored(level: string, colors: Terminal['colors']): string {
  return Object.hasOwn(COLOR_OF_LEVEL, level) ? colors[COLOR_OF_LEVEL[level as Level]](level) : level;
}

import type { ErrorInfo } from './event.ts';

/** The first line of a V8 or Java trace: `TypeError: x`, `Exception in thread "main" java.io.IOException: x`. */
const HEADER =
  /(?:^|[\s"(])((?:[\w$]{1,80}\.){0,12}[A-Z][\w$]{0,80}(?:Error|Exception|Throwable|Warning|Fault))(?: \[\w+\])?(?::\s?(.*))?$/;
/** `Error: x` has no word before its ending. */
const BARE_HEADER = /(?:^|[\s"(])(Error)(?: \[\w+\])?(?::\s?(.*))?$/;
const FRAME = /^\s{1,16}at \S/;
const PYTHON_START = 'Traceback (most recent call last):';
/** The last line of a Python trace: `ValueError: x`, `requests.exceptions.Timeout`, `KeyboardInterrupt`. */
const PYTHON_END = /^((?:\w{1,80}\.){0,12}[A-Za-z_]\w{0,80})(?::\s?(.*))?$/;

/** Lines looked at upwards from the first frame, and downwards from the start: a message may have several lines. */
const HEADER_LINES = 20;
const TRACE_LINES = 2_000;
const LINE_CHARACTERS = 4_096;

interface Header {
  type: string;
  message: string;
  /** Where the type stands in its line. */
  at: number;
}

function headerOf(line: string): Header | undefined {
  const head = line.slice(0, LINE_CHARACTERS).trimEnd();
  const match = HEADER.exec(head) ?? BARE_HEADER.exec(head);
  const type = match?.[1];
  if (match === null || type === undefined) return undefined;
  return { type, message: match[2] ?? '', at: match.index + match[0].indexOf(type) };
}

/** Where a line begins in the text that was split into the lines. */
function offsetOf(lines: readonly string[], index: number): number {
  return lines.slice(0, index).reduce((sum, line) => sum + line.length + 1, 0);
}

/** V8 and Java: the nearest header above the first frame. Java's later `Caused by` sections stay in the stack. */
function framesError(text: string, lines: readonly string[]): ErrorInfo | undefined {
  const frame = lines.findIndex((line) => FRAME.test(line));
  for (let index = frame - 1; index >= 0 && index >= frame - HEADER_LINES; index--) {
    const line = lines[index] ?? '';
    const header = headerOf(line);
    if (header === undefined) continue;
    const message = [header.message, ...lines.slice(index + 1, frame)].join('\n');
    return { type: header.type, message, stack: text.slice(offsetOf(lines, index) + header.at) };
  }
  return undefined;
}

/** Python: of chained exceptions the last one is what was raised. */
function pythonError(text: string, lines: readonly string[]): ErrorInfo | undefined {
  const last = lines.findLastIndex((line) => line.trimEnd().endsWith(PYTHON_START));
  if (last < 0) return undefined;
  for (const [offset, line] of lines.slice(last + 1).entries()) {
    const match = PYTHON_END.exec(line.slice(0, LINE_CHARACTERS).trimEnd());
    if (match?.[1] === undefined) continue;
    const message = [match[2] ?? '', ...lines.slice(last + 2 + offset)].join('\n').trimEnd();
    return { type: match[1], message, stack: text.slice(text.indexOf(PYTHON_START)) };
  }
  return undefined;
}

/**
 * Reads the error out of a text that carries a stack trace of V8, Python or the JVM; undefined for any other text.
 * The stack begins at the error's type and runs to the end of the text.
 */
export function errorInText(text: string): ErrorInfo | undefined {
  if (!text.includes('\n')) return undefined;
  const lines = text.split('\n', TRACE_LINES);
  return pythonError(text, lines) ?? framesError(text, lines);
}

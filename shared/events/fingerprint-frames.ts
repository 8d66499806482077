/** How much of a stack is looked at: the top of it tells where it went wrong. */
const STACK_CHARACTERS = 16_384;
const STACK_LINES = 64;
/** How many frames tell two errors apart. With more, one caller more or less would split a group. */
const FRAMES = 3;

interface Frame {
  /** Function as the language prints it, empty at top level. */
  name: string;
  /** File with its directories and without its line, or what stands in its place. */
  place: string;
}

/** Libraries and run times: where they stand depends on versions, not on the fault. */
const FOREIGN_PLACES =
  /node_modules|site-packages|dist-packages|\/lib\/python|\/var\/(?:runtime|lang)\/|^(?:node:|internal\/|<|native$|eval at |index \d|wasm:)/;
/** The run times of the JVM and .NET, by the package that a function's name starts with. */
const FOREIGN_NAMES = /^(?:[\w.-]+\/)?(?:java|javax|jdk|sun|com\.sun|kotlin|scala|System|Microsoft)\.[\w$]/;

/**
 * The top frames of the application, `function@file`, without directories and line numbers, so that they are the same
 * on every machine and after edits elsewhere in the file. Understands V8 (`at f (file:1:2)`), the JVM
 * (`at a.B.m(B.java:1)`), .NET and Python (`File "x.py", line 1, in f`). Empty when there is none. The top of a Python
 * stack stands at its end; beyond 64 lines or 16,384 characters nothing is looked at.
 */
export function applicationFrames(stack: string): string[] {
  const lines = stack.slice(0, STACK_CHARACTERS).split('\n', STACK_LINES);
  const frames = lines
    .map(frameOf)
    .filter((frame) => frame !== undefined)
    .filter(isApplication);
  const top = isPython(lines) ? frames.reverse() : frames;
  return top.slice(0, FRAMES).map((frame) => `${frame.name}@${fileName(frame.place)}`);
}

function isPython(lines: readonly string[]): boolean {
  return lines.some((line) => line.trimStart().startsWith('File "'));
}

function isApplication({ name, place }: Frame): boolean {
  return !FOREIGN_PLACES.test(place) && !FOREIGN_NAMES.test(name);
}

function frameOf(line: string): Frame | undefined {
  const text = line.trim();
  if (text.startsWith('at ')) return atFrame(text.slice(3));
  if (text.startsWith('File "')) return pythonFrame(text);
  return undefined;
}

function atFrame(text: string): Frame {
  const open = text.indexOf(' (');
  if (open >= 0 && text.endsWith(')')) return { name: nodeName(text.slice(0, open)), place: text.slice(open + 2, -1) };
  const call = text.indexOf('(');
  if (call <= 0) return { name: '', place: text.startsWith('async ') ? text.slice(6) : text };
  const name = text.slice(0, call).replace(/\d+/g, '0');
  const close = text.indexOf(') in ', call);
  return { name, place: close < 0 ? text.slice(call + 1, -1) : text.slice(close + 5) };
}

/** `async new Thing.make [as start]` is `Thing.make`. */
function nodeName(text: string): string {
  const alias = text.indexOf(' [as ');
  return (alias < 0 ? text : text.slice(0, alias)).replace(/^(?:async )?(?:new )?/, '');
}

function pythonFrame(text: string): Frame | undefined {
  const close = text.indexOf('"', 6);
  if (close < 0) return undefined;
  const name = text.indexOf(', in ', close);
  return { name: name < 0 ? '' : text.slice(name + 5), place: text.slice(6, close) };
}

const POSITION = /(?::(?:line )?\d+){1,2}$/;
/** What a bundler adds to the name of a file: it changes with every build. */
const BUILD_HASH = /[-.][\da-f]{8,64}(?=\.\w{1,8}$)/;

function fileName(place: string): string {
  const file = place.replace(POSITION, '');
  const query = file.indexOf('?');
  const path = query < 0 ? file : file.slice(0, query);
  return path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1).replace(BUILD_HASH, '');
}

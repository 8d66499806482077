import { KIND, kindOf } from './template-characters.ts';
import { TemplateScanner } from './template-scanner.ts';

/** Characters of a message that are looked at. */
const HEAD = 4096;
/** Characters of a template at most. */
const LONGEST_TEMPLATE = 512;
/** A cut template nearly always is its own template at once; this bounds what is tried when it isn't. */
const CUTS = 8;

/** Where the frames of a stack begin, as V8 and Java print them: they belong to the error, not to the message. */
const STACK_FRAME = /\n[ \t]+at /;
// biome-ignore lint/suspicious/noControlCharactersInRegex: the escape character is what starts a colour
const TERMINAL_COLOUR = /\x1b\[[\d;]{0,16}[A-Za-z]/g;

function headOf(message: string): string {
  const head = message.length > HEAD ? message.slice(0, HEAD) : message;
  const plain = head.includes('\x1b') ? head.replace(TERMINAL_COLOUR, ' ') : head;
  const frame = plain.includes('\n') ? plain.search(STACK_FRAME) : -1;
  return frame > 0 ? plain.slice(0, frame) : plain;
}

function scan(text: string): string {
  const template = new TemplateScanner(text).run();
  const start = template.startsWith(' ') ? 1 : 0;
  const end = template.endsWith(' ') ? template.length - 1 : template.length;
  return start < end ? template.slice(start, end) : '';
}

/** Cuts between two atoms, so that neither a word, a placeholder nor a surrogate pair is halved. */
function cut(template: string): string {
  let end = LONGEST_TEMPLATE;
  while (end > 0 && kindOf(template.charCodeAt(end - 1)) !== KIND.space) end -= 1;
  return template.slice(0, end > 0 ? end - 1 : LONGEST_TEMPLATE);
}

export function templateOf(message: string): string {
  let template = scan(headOf(message));
  for (let cuts = 0; template.length > LONGEST_TEMPLATE && cuts < CUTS; cuts += 1) template = scan(cut(template));
  return template;
}

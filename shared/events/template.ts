import { LONGEST_TEXT } from './template-reader.ts';
import { TemplateScanner } from './template-scanner.ts';

/** Characters of a template at most. */
const LONGEST_TEMPLATE = 512;
/** A cut template nearly always is its own template at once; this bounds what is tried when it isn't. */
const CUTS = 8;

/** Where the frames of a stack begin, as V8 and Java print them: they belong to the error, not to the message. */
const STACK_FRAME = /\n[ \t]+at /;
// biome-ignore lint/suspicious/noControlCharactersInRegex: the escape character is what starts a colour
const TERMINAL_COLOUR = /\x1b\[[\d;]{0,16}[A-Za-z]/g;

/** Without colours, and without the frames of a stack. */
function firstPart(text: string): string {
  const plain = text.replace(TERMINAL_COLOUR, ' ');
  const frame = plain.search(STACK_FRAME);
  return frame > 0 ? plain.slice(0, frame) : plain;
}

/** Used for one message after another: making one costs as much as a short scan. */
const scanner = new TemplateScanner();

/** Cuts at a space, or where there is none, before what would be half a placeholder. */
function cut(template: string): string {
  const space = template.lastIndexOf(' ', LONGEST_TEMPLATE);
  return space > 0 ? template.slice(0, space) : sliceWhole(template, LONGEST_TEMPLATE).replace(/<\*?$/, '');
}

/** The start of a text, without half a surrogate pair at its end. */
function sliceWhole(text: string, length: number): string {
  const last = text.charCodeAt(length - 1);
  return text.slice(0, last >= 0xd800 && last < 0xdc00 ? length - 1 : length);
}

/**
 * The message with `<*>` in place of what varies from event to event: numbers, identifiers, addresses, paths, quoted
 * strings, times, sizes, lists. Looks at the message alone, so that it is the same on every machine, for ever. It is at
 * most 512 characters long, has no control characters and is its own template. Beyond the first 4,096 characters and
 * from the first stack frame on, nothing of the message is looked at. Takes any text and time in proportion to it.
 */
export function templateOf(message: string): string {
  const head = message.length > LONGEST_TEXT ? sliceWhole(message, LONGEST_TEXT) : message;
  let template = scanner.scan(head);
  if (scanner.sawRough) template = scanner.scan(firstPart(head));
  for (let cuts = 0; template.length > LONGEST_TEMPLATE && cuts < CUTS; cuts += 1)
    template = scanner.scan(cut(template));
  return template.length > LONGEST_TEMPLATE ? cut(template) : template;
}

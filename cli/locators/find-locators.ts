import { parseSync } from 'oxc-parser';
import { LEVELS } from '../../shared/events/levels.ts';

/** One call of a logger. */
export interface LoggerCall {
  line: number;
  column: number;
  /** As the module says it: `log.error`. */
  call: string;
  /** Undefined when it is no literal, so that only the running program knows it. */
  locator: string | undefined;
}

export type ModuleCalls = { ok: true; calls: LoggerCall[] } | { ok: false; reason: string };

interface Node {
  type: string;
  start: number;
  [field: string]: unknown;
}

const LEVEL_NAMES: ReadonlySet<string> = new Set(LEVELS);
/** `log`, `logger`, `orderLog`, `request_logger`; not `catalog`. */
const LOGGER_NAME = /^(?:log|logger)$|[a-z\d](?:Log|Logger)$|_(?:log|logger)$/;
const MAKERS: ReadonlySet<string> = new Set(['createLogger', 'child']);

/**
 * The calls of loggers in a module, in order: TypeScript or JavaScript, JSX too. A logger is what was made by `createLogger`
 * or `child`, what has the type `Logger`, and what is called so. Never throws.
 */
export function findLocators(fileName: string, text: string): ModuleCalls {
  try {
    const { program, errors } = parseSync(fileName, text);
    const fatal = errors.find(({ severity }) => severity === 'Error');
    if (fatal !== undefined) return { ok: false, reason: fatal.message };
    const nodes = nodesOf(program as unknown as Node);
    const names = loggerNames(nodes);
    const calls = nodes.filter(({ type }) => type === 'CallExpression').flatMap((node) => readCall(node, names));
    calls.sort((a, b) => a.start - b.start);
    const places = placeFinder(text);
    return { ok: true, calls: calls.map(({ start, call, locator }) => ({ ...places(start), call, locator })) };
  } catch (error) {
    return { ok: false, reason: error instanceof Error ? error.message : String(error) };
  }
}

/** All nodes of a tree, without recursion: generated code nests deep. */
function nodesOf(root: Node): Node[] {
  const nodes: Node[] = [];
  const waiting: unknown[] = [root];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (typeof next !== 'object' || next === null) continue;
    if (typeof (next as Node).type === 'string') nodes.push(next as Node);
    for (const child of Object.values(next)) if (typeof child === 'object' && child !== null) waiting.push(child);
  }
  return nodes;
}

/** Names that hold a logger, whatever they are. */
function loggerNames(nodes: readonly Node[]): ReadonlySet<string> {
  const names = new Set<string>();
  for (const node of nodes) {
    const { id, init } = node as { id?: Node; init?: Node };
    if (node.type === 'VariableDeclarator' && MAKERS.has(lastName(calleeOf(init)) ?? '')) names.add(nameOf(id) ?? '');
    if (typeName(node) === 'Logger') names.add(nameOf(node) ?? '');
  }
  names.delete('');
  return names;
}

/** The name of the type that is written after an identifier: `log: Logger<'audit'>`. */
function typeName(node: Node): string | undefined {
  const annotation = node.typeAnnotation as { typeAnnotation?: { typeName?: Node } } | null | undefined;
  return nameOf(annotation?.typeAnnotation?.typeName);
}

function calleeOf(node: Node | null | undefined): Node | undefined {
  return node?.type === 'CallExpression' ? (node.callee as Node) : undefined;
}

function nameOf(node: Node | null | undefined): string | undefined {
  const isName = node?.type === 'Identifier' || node?.type === 'PrivateIdentifier';
  return isName ? (node.name as string) : undefined;
}

/** Of `this.orders.log` it is `log`, of `getLogger()` it is `getLogger`. */
function lastName(node: Node | undefined): string | undefined {
  if (node?.type === 'MemberExpression') return nameOf(node.property as Node);
  return nameOf(node) ?? (node === undefined ? undefined : lastName(calleeOf(node)));
}

interface FoundCall {
  start: number;
  call: string;
  locator: string | undefined;
}

function readCall(node: Node, names: ReadonlySet<string>): FoundCall[] {
  const callee = node.callee as Node;
  if (callee.type !== 'MemberExpression') return [];
  const method = nameOf(callee.property as Node);
  const receiver = lastName(callee.object as Node);
  if (method === undefined || receiver === undefined) return [];
  const isLogger = names.has(receiver) || LOGGER_NAME.test(receiver) || MAKERS.has(receiver);
  if (!isLogger || !(LEVEL_NAMES.has(method) || method === 'write')) return [];
  const given = (node.arguments as Node[])[method === 'write' ? 1 : 0];
  return [{ start: node.start, call: `${receiver}.${method}`, locator: literalOf(given) }];
}

/** A locator as the event carries it: `7` and `'7'` are one. */
function literalOf(node: Node | undefined): string | undefined {
  if (node?.type === 'Literal' && ['string', 'number'].includes(typeof node.value)) return String(node.value);
  const quasis = node?.type === 'TemplateLiteral' ? (node.quasis as { value: { cooked: string } }[]) : [];
  return quasis.length === 1 ? quasis[0]?.value.cooked : undefined;
}

/** Lines and columns, from 1 on, of places in a text that are asked for in order. */
function placeFinder(text: string): (offset: number) => { line: number; column: number } {
  let line = 1;
  let lineStart = 0;
  return (offset) => {
    for (let next = text.indexOf('\n', lineStart); next >= 0 && next < offset; next = text.indexOf('\n', lineStart)) {
      line++;
      lineStart = next + 1;
    }
    return { line, column: offset - lineStart + 1 };
  };
}

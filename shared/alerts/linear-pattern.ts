import { type CharacterRange, PatternFault, type PatternNode, parsePattern } from './pattern-syntax.ts';

/** A regular expression that takes time in proportion to the text, whatever the pattern: SECURITY, row 16. */
export interface LinearPattern {
  /** Whether the whole text matches, as Alertmanager's do: no `^` or `$` is needed. */
  matches(text: string): boolean;
}

/** Steps of a compiled pattern, which bounds the work for each character. */
const MOST_STEPS = 2_000;
const LONGEST = 500;

type Step =
  | { kind: 'character'; ranges: readonly CharacterRange[]; isNegated: boolean }
  | { kind: 'fork'; to: readonly number[] }
  | { kind: 'start' }
  | { kind: 'end' }
  | { kind: 'match' };

/**
 * Compiles a pattern. Throws a `PatternFault` that says what was expected and where. The text is read once, with all
 * ways through the pattern followed at the same time. Source: Ken Thompson, "Regular expression search algorithm", 1968.
 */
export function compilePattern(text: string): LinearPattern {
  if (text.length > LONGEST) throw new PatternFault(LONGEST, `a pattern of at most ${LONGEST} characters`);
  const { root, ignoresCase } = parsePattern(text);
  const program: Program = { steps: [], work: 0 };
  append(root, program);
  const steps: readonly Step[] = [...program.steps, { kind: 'match' }];
  return { matches: (subject) => runs(steps, [...subject].map(codesOf(ignoresCase))) };
}

/** What a character stands for: itself, and in the other case when that does not matter. */
function codesOf(ignoresCase: boolean) {
  return (character: string): number[] => {
    const forms = ignoresCase ? [character, character.toLowerCase(), character.toUpperCase()] : [character];
    return [...new Set(forms.filter((form) => [...form].length === 1).map((form) => form.codePointAt(0) ?? 0))];
  };
}

/** A pattern in the making. `work` grows also where nothing is added: nothing can be repeated too, again and again. */
interface Program {
  steps: Step[];
  work: number;
}

function append(node: PatternNode, program: Program): void {
  const { steps } = program;
  if (++program.work > 3 * MOST_STEPS || steps.length > MOST_STEPS) {
    throw new PatternFault(0, `a pattern of at most ${MOST_STEPS} steps: repeat less`);
  }
  switch (node.kind) {
    case 'characters':
      steps.push({ kind: 'character', ranges: node.ranges, isNegated: node.isNegated });
      return;
    case 'start':
    case 'end':
      steps.push({ kind: node.kind });
      return;
    case 'sequence':
      for (const part of node.parts) append(part, program);
      return;
    case 'either':
      appendChoices(node.choices, program);
      return;
    case 'repeat':
      appendRepeat(node, program);
      return;
    default:
      node satisfies never;
  }
}

function appendChoices(choices: readonly PatternNode[], program: Program): void {
  const { steps } = program;
  const to: number[] = [];
  steps.push({ kind: 'fork', to });
  const ends: number[][] = [];
  for (const choice of choices) {
    to.push(steps.length);
    append(choice, program);
    const end: number[] = [];
    steps.push({ kind: 'fork', to: end });
    ends.push(end);
  }
  for (const end of ends) end.push(steps.length);
}

function appendRepeat({ part, least, most }: Extract<PatternNode, { kind: 'repeat' }>, program: Program): void {
  const { steps } = program;
  for (let time = 0; time < least; time++) append(part, program);
  if (most === Number.POSITIVE_INFINITY) {
    const to = [steps.length + 1];
    const fork = steps.length;
    steps.push({ kind: 'fork', to });
    append(part, program);
    steps.push({ kind: 'fork', to: [fork] });
    to.push(steps.length);
    return;
  }
  const skips: number[][] = [];
  for (let time = least; time < most; time++) {
    const to = [steps.length + 1];
    skips.push(to);
    steps.push({ kind: 'fork', to });
    append(part, program);
  }
  for (const to of skips) to.push(steps.length);
}

function runs(steps: readonly Step[], subject: readonly (readonly number[])[]): boolean {
  let here = new Set<number>();
  follow(steps, here, { from: 0, isStart: true, isEnd: subject.length === 0 });
  for (let at = 0; at < subject.length && here.size > 0; at++) {
    const next = new Set<number>();
    for (const place of here) {
      const step = steps[place] as Step;
      if (step.kind !== 'character' || !takes(step, subject[at] as readonly number[])) continue;
      follow(steps, next, { from: place + 1, isStart: false, isEnd: at + 1 === subject.length });
    }
    here = next;
  }
  return here.has(steps.length - 1);
}

function takes({ ranges, isNegated }: Extract<Step, { kind: 'character' }>, codes: readonly number[]): boolean {
  const isIn = codes.some((code) => ranges.some(([from, to]) => code >= from && code <= to));
  return isIn !== isNegated;
}

/** Adds a place and all that can be reached from it without a character. Each place is entered once. */
function follow(
  steps: readonly Step[],
  into: Set<number>,
  { from, isStart, isEnd }: { from: number; isStart: boolean; isEnd: boolean },
): void {
  const open = [from];
  for (let place = open.pop(); place !== undefined; place = open.pop()) {
    if (into.has(place)) continue;
    into.add(place);
    const step = steps[place] as Step;
    if (step.kind === 'fork') open.push(...step.to);
    else if ((step.kind === 'start' && isStart) || (step.kind === 'end' && isEnd)) open.push(place + 1);
  }
}

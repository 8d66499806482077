import { compileMatchers, labelOf, type Matched, matcherText } from './matcher.ts';
import type { Route, RouteNode, RoutingTree } from './routing-tree.ts';

/** What became of an event at one route. */
export type StepOutcome =
  /** A notice of it goes to this route's receiver, */
  | 'taken'
  /** or to that of a route below, */
  | 'entered'
  /** one of its matchers is not met, */
  | 'unmatched'
  /** or a route before it took the event and does not continue. */
  | 'not reached';

/** One route of the tree, in the order in which they are written. */
export interface RouteStep {
  route: Route;
  /** How many routes it lies in; 0 is the root. */
  depth: number;
  outcome: StepOutcome;
  continues: boolean;
  /** Each with what the event has for its label. Not looked at: `isMet` is missing. */
  matchers: readonly { text: string; value: string; isMet?: boolean }[];
}

/** Why an event takes the ways that `decideRoutes` answers: every route that was looked at, and those just passed over. */
export function explainRoutes(matched: Matched, tree: RoutingTree): RouteStep[] {
  return stepsAt(tree, matched, 0);
}

function stepsAt(node: RouteNode, matched: Matched, depth: number): RouteStep[] {
  const step = stepOf(node, matched, depth);
  if (step.outcome === 'unmatched') return [step];
  const below: RouteStep[] = [];
  let isOver = false;
  for (const child of node.children) {
    const steps: RouteStep[] = isOver ? [passedOver(child, matched, depth + 1)] : stepsAt(child, matched, depth + 1);
    below.push(...steps);
    isOver ||= steps.some(isTaken) && !child.continues;
  }
  return [{ ...step, outcome: below.some(isTaken) ? 'entered' : 'taken' }, ...below];
}

function stepOf(node: RouteNode, matched: Matched, depth: number): RouteStep {
  const matchers = node.matchers.map((matcher) => ({
    text: matcherText(matcher),
    value: labelOf(matched, matcher.label),
    isMet: compileMatchers([matcher])(matched),
  }));
  const outcome = matchers.every(({ isMet }) => isMet) ? 'taken' : 'unmatched';
  return { route: node.route, depth, outcome, continues: node.continues, matchers };
}

function passedOver({ route, continues, matchers }: RouteNode, matched: Matched, depth: number): RouteStep {
  const unread = matchers.map((matcher) => ({ text: matcherText(matcher), value: labelOf(matched, matcher.label) }));
  return { route, depth, outcome: 'not reached', continues, matchers: unread };
}

function isTaken({ outcome }: RouteStep): boolean {
  return outcome === 'taken';
}

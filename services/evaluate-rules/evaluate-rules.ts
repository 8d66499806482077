import { type RulesByName, ruleProjection } from '../../shared/rules/projection.ts';
import type { CompiledRule } from '../../shared/rules/rule.ts';
import type { RuleState } from '../../shared/rules/rule-state.ts';
import type { Consumer, Handled } from '../../shared/stream/consume.ts';
import { type Folded, foldGroups, settleGroups } from '../../shared/stream/fold-groups.ts';
import type { Table } from '../../shared/stream/ports.ts';
import type { ReadBatch } from '../../shared/stream/read-batch.ts';
import type { SeenLimits } from '../../shared/stream/seen.ts';
import { SeenPages } from '../../shared/stream/seen-pages.ts';
import { type ArrivedRuleEvent, groupByRule } from './group-by-rule.ts';
import { releaseRestarts } from './release-restarts.ts';
import { type SendFiringsPorts, sendFirings } from './send-firings.ts';

export interface EvaluateRulesPorts extends Omit<SendFiringsPorts, 'rules'> {
  ledger: Table;
  rules: readonly CompiledRule[];
  seenLimits?: SeenLimits;
}

export const CONSUMER = 'evaluate-rules';

export function rulesByName(rules: readonly CompiledRule[]): RulesByName {
  return new Map(rules.map(({ rule }) => [rule.name, rule]));
}

/**
 * Counts events for rules by folding: what fires is saved as pending with the state that decided it, sent, cleared. What
 * could not be sent waits in the state, and `sweepRules` sends it.
 */
export function evaluateRules(ports: EvaluateRulesPorts): Consumer {
  const { clock, states, rules: compiled } = ports;
  const pages = new SeenPages(ports.ledger, clock);
  const rules = rulesByName(compiled);
  const projection = ruleProjection(rules);

  const handle = async ({ events }: ReadBatch, deadline: number): Promise<Handled> => {
    const { groups, others } = groupByRule(events, compiled);
    const foldPorts = { table: states, pages, clock, deadline, limits: ports.seenLimits };
    const folded = await foldGroups(projection, groups, foldPorts);
    // After the fold: an event of the group that came before has ended the absence by now.
    const unread = new Map(folded.flatMap((each) => (each.status === 'failed' ? [[each.group, each.fault]] : [])));
    const { released, failed } = await releaseRestarts(events, unread, { states, clock, rules });
    const again = new Set(released.map(({ group }) => group));
    const waiting = folded.flatMap(waitingOf).filter(({ group }) => !again.has(group));
    await sendFirings([...waiting, ...released], { ...ports, rules });
    for (const [record, reason] of settleGroups(folded).failed) failed.set(record, reason);
    return { failed, duplicates: duplicatesOf(folded), filtered: others };
  };
  return { name: CONSUMER, withoutLedger: 'fail', handle };
}

function waitingOf(folded: Folded<RuleState, ArrivedRuleEvent>) {
  if (folded.status === 'failed' || folded.state === undefined || folded.state.pending.length === 0) return [];
  return [{ group: folded.group, state: folded.state, item: folded.item }];
}

/** An event that several rules count is a duplicate when it was one for all of them. */
function duplicatesOf(folded: readonly Folded<RuleState, ArrivedRuleEvent>[]): Set<number> {
  const { duplicates } = settleGroups(folded);
  for (const group of folded) {
    if (group.status === 'folded') for (const { index } of group.fresh) duplicates.delete(index);
  }
  return duplicates;
}

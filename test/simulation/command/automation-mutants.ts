import { type Mutant, one } from './mutant.ts';

const DECIDE = 'shared/remediation/decide.ts';
const REMEDIATION = 'shared/remediation/remediation.ts';
const RESTART = 'services/remediate/restart.ts';
const REPORT = 'shared/remediation/report.ts';
const FIRING = 'shared/rules/firing.ts';
const PUT_GROUPS = 'shared/stream/put-groups.ts';
const RULE_STATE = 'shared/rules/rule-state.ts';
const SEND = 'services/evaluate-rules/send-firings.ts';

/** Bugs that somebody could make in rules and restarts, one at a time. */
export const AUTOMATION_MUTANTS: readonly Mutant[] = [
  one('restarts for a request that comes again', DECIDE, [
    "if (state.requests.includes(request.id)) return 'known';",
    '',
  ]),
  one('restarts whatever the tag says', DECIDE, ['if (carried !== value)', 'if (carried === undefined)']),
  one('reboots again when the answer was lost', DECIDE, [
    "if (!state.current.call) return { call: 'reboot' };",
    "if (callAge(state, now) >= CALL_MILLISECONDS) return { call: 'reboot' };",
  ]),
  one('takes the state before the stop for running again', DECIDE, [
    "(state === 'running' && launchedAt !== current.launchedAt)",
    "state === 'running'",
  ]),
  one('takes what EC2 still shows of before the stop for started', DECIDE, [
    "return isStartedAgain(state, instance) ? { fact: performed(state, 'start', now) } : 'wait';",
    "return instance.state === 'running' ? { fact: performed(state, 'start', now) } : 'wait';",
  ]),
  one('leaves an instance that fell back', DECIDE, [
    "return seen === 'stopped' && callAge(state, now) >= LAG_MILLISECONDS ? { call: 'start' } : 'wait';",
    "return 'wait';",
  ]),
  one('gives up without a word', DECIDE, [
    'if (now < Date.parse(current.giveUpAt)) return byStage(state, instance, now);',
    'return byStage(state, instance, now);',
  ]),
  one('forgets when an instance was restarted', REMEDIATION, [
    '[...state.taken.filter((at) => isWithinDay(at, fact.at)), fact.at]',
    '[fact.at]',
  ]),
  one('lets a request go while its restart is under way', RESTART, [
    'outbox.length === 0 && current?.request !== request.id',
    'outbox.length === 0',
  ]),
  one('takes what a receiver refused of a restart for told', RESTART, [
    'facts.filter((_, index) => !refused.has(index))',
    'facts',
  ]),
  one('calls nobody where a restart was refused', REPORT, ['!CAUSE_WORDS[fact.cause].callsPeople', 'true']),
  one('lets a request that is too old go without a word', REPORT, [
    "'too-old': { level: 'error', callsPeople: true,",
    "'too-old': { level: 'error', callsPeople: false,",
  ]),
  one('asks for a restart as of what a producer says', FIRING, ['firing.decidedAt ?? firing.at', 'firing.at']),
  one('puts the first event of a group alone', PUT_GROUPS, ['packEvents(events,', 'packEvents(events.slice(0, 1),']),
  one('lets rules count what rules and restarts say', FIRING, [
    'return source.startsWith(OWN_SOURCES);',
    'return false;',
  ]),
  one('fires as often as an event comes', RULE_STATE, ['quietUntil: newest + length', 'quietUntil: 0']),
  one('lets a rule count what lies outside of its window', RULE_STATE, ['|| newest - oldest >= length ', '']),
  one('believes clocks that run ahead', RULE_STATE, [
    'return Math.min(Date.parse(event.time), arrivedAt);',
    'return Date.parse(event.time);',
  ]),
  one('restarts for an absence before it is known what came meanwhile', RULE_STATE, [
    "? ['stream'] : ['stream', 'held']",
    "? ['stream'] : ['stream', 'remediation']",
  ]),
  one('never asks for a restart that was held', RULE_STATE, [
    "receiver === 'held' ? 'remediation' : receiver",
    'receiver',
  ]),
  one('takes firings that were refused for sent', SEND, ['.filter((id) => !refused.has(id))', '']),
  one('never sweeps what rules decided', RULE_STATE, [
    'return state.pending.length > 0 ? state.lastSeen : absentAt(state, rule);',
    'return absentAt(state, rule);',
  ]),
  one('notices an absence every minute', RULE_STATE, [
    "return condition.kind === 'absence' && !isAbsent ?",
    "return condition.kind === 'absence' ?",
  ]),
];

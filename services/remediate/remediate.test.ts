import { describe, expect, test } from 'vitest';
import type { LogEvent } from '../../shared/events/event.ts';
import type { RemediationSettings } from '../../shared/remediation/decide.ts';
import { type InstanceId, type Instances, parseInstanceId } from '../../shared/remediation/instance.ts';
import { requestMessage } from '../../shared/remediation/message.ts';
import { eventOf, eventsOf } from '../../shared/remediation/report.ts';
import { Fault } from '../../shared/stream/fault.ts';
import type { SendFailure } from '../../shared/stream/ports.ts';
import { ModelInstances, type ModelInstancesOptions } from '../../test/simulation/models/model-instances.ts';
import { type Interceptor, interceptedTable } from '../../test/support/intercepted-table.ts';
import { manualClock } from '../../test/support/manual-clock.ts';
import { modelTables } from '../../test/support/model-tables.ts';
import { remediate } from './remediate.ts';

const WEB = parseInstanceId('i-0123456789abcdef0') as InstanceId;
const SETTINGS: RemediationSettings = {
  tag: { key: 'sluice-remediation', value: 'allowed' },
  restart: 'stop-start',
  isDryRun: false,
  cooldownSeconds: 1_800,
  maximumPerDay: 3,
  runningWithinSeconds: 600,
};
const ALLOWED = { 'sluice-remediation': 'allowed' };
const pass: Interceptor = (call) => call.proceed();
const killed = () => Promise.reject(new TypeError('killed here'));

interface Run {
  between?: Interceptor;
  wrap?: (instances: Instances) => Instances;
  refuse?: ('stream' | 'topic')[];
}

function setup({
  settings = {},
  ...options
}: { settings?: Partial<RemediationSettings> } & Partial<ModelInstancesOptions> = {}) {
  const { ledger } = modelTables();
  const clock = manualClock();
  const instances = new ModelInstances({ stopTakes: 20_000, startTakes: 20_000, now: clock.now, ...options });
  instances.launch(WEB, { tags: ALLOWED });
  const streamed: LogEvent[] = [];
  const published: LogEvent[] = [];
  const take = (to: LogEvent[], events: LogEvent[], refused: boolean): SendFailure[] => {
    if (refused) return events.map((_, index) => ({ index, reason: 'denied: it failed' }));
    to.push(...events);
    return [];
  };
  const look = (bodies: string[], { between = pass, wrap = (port) => port, refuse = [] }: Run = {}) => {
    const ports = {
      ledger: interceptedTable(ledger, between),
      instances: wrap(instances.port()),
      clock,
      settings: { ...SETTINGS, ...settings },
      alarms: { 'slow responses': WEB },
      put: async (events: readonly LogEvent[]) => take(streamed, [...events], refuse.includes('stream')),
      tell: {
        stream: async (facts: readonly Parameters<typeof eventsOf>[0][]) =>
          take(streamed, facts.flatMap(eventsOf), refuse.includes('stream')),
        topic: async (facts: readonly Parameters<typeof eventOf>[0][]) =>
          take(published, facts.map(eventOf), refuse.includes('topic')),
      },
    };
    const messages = bodies.map((body, n) => ({ id: `message-${n}`, body, sentAt: clock.now() }));
    return remediate(messages, ports, clock.now() + 15_000);
  };
  /** Looks every half minute until the request is settled, as the queue does. */
  const until = async (body: string, run?: Run) => {
    for (let n = 0; n < 60; n++) {
      const { unsettled } = await look([body], run);
      if (unsettled.length === 0) return n + 1;
      clock.advance(30_000);
    }
    return Number.POSITIVE_INFINITY;
  };
  const ask = (id = 'r1', instance: InstanceId = WEB) => {
    const at = new Date(clock.now()).toISOString();
    return requestMessage({ id, instance, by: { kind: 'rule', name: 'slow' }, reason: '6 slow responses', at });
  };
  const steps = (events = published) =>
    events.map(({ attributes }) => attributes?.step ?? attributes?.cause ?? 'requested');
  const effective = () => instances.taken.filter(({ isEffective }) => isEffective).map(({ call }) => call);
  return { clock, instances, look, until, ask, steps, effective, streamed, published };
}

describe('a request', () => {
  test('stops the instance, starts it and sees it running, looking only now and then', async () => {
    const { until, ask, steps, effective, instances, streamed, published } = setup();
    expect(await until(ask())).toBe(3);
    expect([instances.stateOf(WEB), effective()]).toEqual(['running', ['stop', 'start']]);
    expect(steps()).toEqual(['requested', 'stop', 'start', 'running']);
    expect(streamed).toEqual(published);
    expect(streamed.map(({ id, type, level }) => [id, type, level])).toEqual([
      ['r1/requested', 'remediation.requested', 'info'],
      ['r1/stop', 'remediation.performed', 'info'],
      ['r1/start', 'remediation.performed', 'info'],
      ['r1/running', 'remediation.performed', 'info'],
    ]);
    expect(streamed.at(-1)?.message).toBe('i-0123456789abcdef0 is running again, 60 s after its restart was taken on');
  });

  test('reboots it, where that is the setting', async () => {
    const { until, ask, steps, effective } = setup({ settings: { restart: 'reboot' } });
    expect(await until(ask())).toBe(1);
    expect([steps(), effective()]).toEqual([['requested', 'reboot', 'running'], ['reboot']]);
  });

  test('in a dry run says what it would have done, touches nothing, and counts for the cooldown', async () => {
    const { until, ask, steps, instances } = setup({ settings: { isDryRun: true } });
    await until(ask());
    await until(ask('r2'));
    expect([steps(), instances.taken]).toEqual([['requested', 'rehearsal', 'cooldown'], []]);
  });

  test('that comes again, at once, later or with another, is one restart', async () => {
    const { look, until, ask, effective, steps, clock } = setup();
    const body = ask();
    await look([body, body]);
    await until(body);
    clock.advance(3_600_000);
    await until(body);
    expect([effective(), steps()]).toEqual([
      ['stop', 'start'],
      ['requested', 'stop', 'start', 'running'],
    ]);
  });

  test('that another run works on at the same time is one restart', async () => {
    const { look, until, ask, effective, steps } = setup();
    const body = ask();
    let inner = 0;
    const overlap: Interceptor = async (call) => {
      if (call.method === 'putVersioned' && inner++ < 1) await look([body]);
      return call.proceed();
    };
    await until(body, { between: overlap });
    expect([effective(), steps()]).toEqual([
      ['stop', 'start'],
      ['requested', 'stop', 'start', 'running'],
    ]);
  });
});

describe('a request is refused', () => {
  test.each<[string, Parameters<typeof setup>[0], (world: ReturnType<typeof setup>) => Promise<string>, string]>([
    [
      'for an instance without the tag',
      {},
      async ({ instances, ask }) => {
        instances.launch(WEB, { tags: { Name: 'web' } });
        return ask();
      },
      'not-allowed',
    ],
    [
      'for an instance whose tag has another value',
      {},
      async ({ instances, ask }) => {
        instances.launch(WEB, { tags: { 'sluice-remediation': 'Allowed' } });
        return ask();
      },
      'not-allowed',
    ],
    [
      'for an instance that is not there',
      {},
      async ({ ask }) => ask('r1', parseInstanceId('i-00000000') as InstanceId),
      'no-instance',
    ],
    [
      'for an instance that a person has stopped',
      {},
      async ({ instances, ask }) => {
        instances.launch(WEB, { tags: ALLOWED, state: 'stopped' });
        return ask();
      },
      'not-running',
    ],
    [
      'when it waited too long',
      {},
      async ({ ask, clock }) => {
        const body = ask();
        clock.advance(901_000);
        return body;
      },
      'too-old',
    ],
    [
      'within the cooldown',
      {},
      async ({ until, ask, clock, published }) => {
        await until(ask('r0'));
        clock.advance(1_700_000);
        published.length = 0;
        return ask();
      },
      'cooldown',
    ],
    [
      'beyond the maximum a day',
      { settings: { cooldownSeconds: 60 } },
      async ({ until, ask, clock, published }) => {
        for (const id of ['a', 'b', 'c']) {
          await until(ask(id));
          clock.advance(3_600_000);
        }
        published.length = 0;
        return ask();
      },
      'maximum',
    ],
  ])('%s', async (_, options, prepare, cause) => {
    const world = setup(options);
    const body = await prepare(world);
    const before = world.instances.taken.length;
    expect(await world.until(body)).toBe(1);
    expect([world.steps(), world.instances.taken.length - before]).toEqual([[cause], 0]);
    const calls = world.streamed.filter(({ id }) => id === 'r1/failed/people').map(({ type, level }) => [type, level]);
    expect(calls).toEqual(['cooldown', 'too-old'].includes(cause) ? [] : [['log', 'error']]);
  });

  test('and taken again when the day or the cooldown is over', async () => {
    const { until, ask, clock, effective } = setup({ settings: { maximumPerDay: 1 } });
    await until(ask('r0'));
    clock.advance(86_400_000);
    await until(ask());
    expect(effective()).toEqual(['stop', 'start', 'stop', 'start']);
  });
});

describe('people are called, by a critical event', () => {
  test('when the instance is not running again in time', async () => {
    const { until, ask, streamed, steps } = setup({ onStart: () => 'falls back' });
    expect(await until(ask())).toBeLessThan(25);
    expect(steps().at(-1)).toBe('not-running-again');
    const called = streamed.filter(({ level }) => level === 'critical').map(({ id, type }) => [id, type]);
    expect(called).toEqual([
      ['r1/failed', 'remediation.failed'],
      ['r1/failed/people', 'log'],
    ]);
  });

  test('when it is gone', async () => {
    const { until, ask, steps } = setup({ onStart: () => 'terminates' });
    await until(ask());
    expect(steps()).toEqual(['requested', 'stop', 'start', 'gone']);
  });

  test('when EC2 refuses', async () => {
    const { until, ask, steps, streamed } = setup();
    const denied = new Fault('denied', 'StopInstances failed: UnauthorizedOperation');
    await until(ask(), { wrap: (port) => ({ ...port, call: () => Promise.reject(denied) }) });
    expect(steps()).toEqual(['requested', 'refused-by-ec2']);
    expect(streamed.at(-1)?.message).toContain('StopInstances failed: UnauthorizedOperation');
  });

  test('and an instance that falls back is started again first', async () => {
    let starts = 0;
    const { until, ask, steps, effective } = setup({ onStart: () => (starts++ === 0 ? 'falls back' : 'runs') });
    await until(ask());
    expect([effective(), steps()]).toEqual([
      ['stop', 'start', 'start'],
      ['requested', 'stop', 'start', 'running'],
    ]);
  });
});

describe('a run that dies', () => {
  test.each([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])('at its write %i loses nothing and repeats nothing', async (nth) => {
    const { look, until, ask, effective, steps } = setup();
    const body = ask();
    let writes = 0;
    const crash: Interceptor = (call) =>
      call.method === 'putVersioned' && writes++ === nth ? killed() : call.proceed();
    await look([body], { between: crash });
    await until(body);
    expect(effective()).toEqual(['stop', 'start']);
    expect([...new Set(steps())]).toEqual(['requested', 'stop', 'start', 'running']);
  });

  test.each(['stop', 'start', 'reboot'] as const)(
    'after EC2 has done its %s, which it never heard of, does it once',
    async (name) => {
      const restart = name === 'reboot' ? 'reboot' : 'stop-start';
      const { until, ask, effective } = setup({ settings: { restart } });
      let isLost = false;
      const wrap = (port: Instances): Instances => ({
        ...port,
        call: async (call, id) => {
          await port.call(call, id);
          if (call !== name || isLost) return;
          isLost = true;
          throw new Fault('unavailable', 'no answer');
        },
      });
      await until(ask(), { wrap });
      expect(effective()).toEqual(name === 'reboot' ? ['reboot'] : ['stop', 'start']);
    },
  );

  test('says of a reboot whose answer was lost that it is not sure', async () => {
    const { until, ask, streamed } = setup({ settings: { restart: 'reboot' } });
    const lost = () => Promise.reject(new Fault('unavailable', 'no answer'));
    await until(ask(), { wrap: (port) => ({ ...port, call: lost }) });
    expect(streamed.find(({ id }) => id === 'r1/reboot')?.message).toContain('not asked for twice');
  });

  test('goes on although the answer to its own write was lost', async () => {
    const { until, ask, effective } = setup({ settings: { restart: 'reboot' } });
    const lose: Interceptor = async (call) => {
      const answer = await call.proceed();
      if (call.method === 'putVersioned' && call.nth % 2 === 0) throw new Fault('unavailable', 'no answer');
      return answer;
    };
    await until(ask(), { between: lose });
    expect(effective()).toEqual(['reboot']);
  });
});

test('a run that was frozen before its call does not make it when it wakes: the instance has been started since', async () => {
  const { look, until, ask, effective, instances, clock } = setup();
  const body = ask();
  let writes = 0;
  const freeze: Interceptor = async (call) => {
    const answer = await call.proceed();
    // The write of the claim: others do all of it meanwhile.
    if (call.method === 'putVersioned' && writes++ === 2) {
      clock.advance(60_000);
      await until(body);
    }
    return answer;
  };
  await look([body], { between: freeze });
  expect([effective(), instances.stateOf(WEB)]).toEqual([['stop', 'start'], 'running']);
});

describe('what EC2 says late', () => {
  test('of an instance that was just stopped is not taken for running again', async () => {
    const { until, ask, effective, instances } = setup({ lag: 25_000 });
    await until(ask());
    expect([effective(), instances.stateOf(WEB)]).toEqual([['stop', 'start'], 'running']);
  });
});

describe('what cannot be told', () => {
  test('holds up no restart, and is told later, each once where it was refused', async () => {
    const { look, until, ask, steps, streamed, published, clock, instances } = setup();
    const body = ask();
    for (let n = 0; n < 4; n++) {
      expect((await look([body], { refuse: ['topic'] })).unsettled).toEqual(['message-0']);
      clock.advance(30_000);
    }
    expect([instances.stateOf(WEB), published.length, steps(streamed).length]).toEqual(['running', 0, 4]);
    await until(body);
    expect([steps(), steps(streamed).length]).toEqual([['requested', 'stop', 'start', 'running'], 4]);
  });
});

describe('messages', () => {
  const alarm = (state: string) => ({
    AlarmName: 'slow responses',
    NewStateValue: state,
    NewStateReason: 'Threshold Crossed: 6 > 5',
    StateChangeTime: '2026-11-21T12:00:00.000+0000',
  });

  test('of an alarm restart the instance that is named for it; that it is over asks for nothing', async () => {
    const { look, until, steps, published } = setup();
    await until(JSON.stringify(alarm('ALARM')));
    expect(steps()).toEqual(['requested', 'stop', 'start', 'running']);
    expect(published[0]?.message).toContain('asked for by alarm slow responses: Threshold Crossed: 6 > 5');
    expect(await look([JSON.stringify(alarm('OK'))])).toMatchObject({ ignored: 1, unsettled: [] });
  });

  test('that are not understood are told with what came, and hold up no other', async () => {
    const { look, ask, streamed } = setup();
    const outcome = await look(['{', JSON.stringify({ ...alarm('ALARM'), AlarmName: 'another' }), ask()]);
    expect(outcome).toMatchObject({ unclear: 2, unsettled: ['message-2'] });
    expect(streamed.filter(({ type }) => type === 'log').map(({ level, message }) => [level, message])).toEqual([
      ['error', 'A request for a restart was not understood: expected JSON, got other text'],
      [
        'error',
        'A request for a restart was not understood: expected alarm another to be of an instance, got none; name it in remediation.alarms, or watch a metric with the dimension InstanceId',
      ],
    ]);
  });
});

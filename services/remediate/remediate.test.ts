import { describe, expect, test } from 'vitest';
import { type InstanceId, parseInstanceId } from '../../shared/remediation/instance.ts';
import { Fault } from '../../shared/stream/fault.ts';
import type { Interceptor } from '../../test/support/intercepted-table.ts';
import { ALLOWED, remediationWorld, WEB } from '../../test/support/remediation-world.ts';

describe('a request', () => {
  test('stops the instance, starts it and sees it running, looking only now and then', async () => {
    const { until, ask, steps, effective, instances, streamed, published } = remediationWorld();
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
    const { until, ask, steps, effective } = remediationWorld({ settings: { restart: 'reboot' } });
    expect(await until(ask())).toBe(1);
    expect([steps(), effective()]).toEqual([['requested', 'reboot', 'running'], ['reboot']]);
  });

  test('in a dry run says what it would have done, touches nothing, and counts for the cooldown', async () => {
    const { until, ask, steps, instances } = remediationWorld({ settings: { isDryRun: true } });
    await until(ask());
    await until(ask('r2'));
    expect([steps(), instances.taken]).toEqual([['requested', 'rehearsal', 'cooldown'], []]);
  });

  test('that comes again, at once, later or with another, is one restart', async () => {
    const { look, until, ask, effective, steps, clock } = remediationWorld();
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
    const { look, until, ask, effective, steps } = remediationWorld();
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
  test.each<
    [
      string,
      Parameters<typeof remediationWorld>[0],
      (world: ReturnType<typeof remediationWorld>) => Promise<string>,
      string,
    ]
  >([
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
    const world = remediationWorld(options);
    const body = await prepare(world);
    const before = world.instances.taken.length;
    expect(await world.until(body)).toBe(1);
    expect([world.steps(), world.instances.taken.length - before]).toEqual([[cause], 0]);
    const calls = world.streamed.filter(({ id }) => id === 'r1/failed/people').map(({ type, level }) => [type, level]);
    expect(calls).toEqual(cause === 'cooldown' ? [] : [['log', 'error']]);
  });

  test('and taken again when the day or the cooldown is over', async () => {
    const { until, ask, clock, effective } = remediationWorld({ settings: { maximumPerDay: 1 } });
    await until(ask('r0'));
    clock.advance(86_400_000);
    await until(ask());
    expect(effective()).toEqual(['stop', 'start', 'stop', 'start']);
  });
});

describe('people are called, by a critical event', () => {
  test('when the instance is not running again in time', async () => {
    const { until, ask, streamed, steps } = remediationWorld({ onStart: () => 'falls back' });
    expect(await until(ask())).toBeLessThan(25);
    expect(steps().at(-1)).toBe('not-running-again');
    const called = streamed.filter(({ level }) => level === 'critical').map(({ id, type }) => [id, type]);
    expect(called).toEqual([
      ['r1/failed', 'remediation.failed'],
      ['r1/failed/people', 'log'],
    ]);
  });

  test('when it is gone', async () => {
    const { until, ask, steps } = remediationWorld({ onStart: () => 'terminates' });
    await until(ask());
    expect(steps()).toEqual(['requested', 'stop', 'start', 'gone']);
  });

  test('when EC2 refuses', async () => {
    const { until, ask, steps, streamed } = remediationWorld();
    const denied = new Fault('denied', 'StopInstances failed: UnauthorizedOperation');
    await until(ask(), { wrap: (port) => ({ ...port, call: () => Promise.reject(denied) }) });
    expect(steps()).toEqual(['requested', 'refused-by-ec2']);
    expect(streamed.at(-1)?.message).toContain('StopInstances failed: UnauthorizedOperation');
  });

  test('and an instance that falls back is started again first', async () => {
    let starts = 0;
    const { until, ask, steps, effective } = remediationWorld({
      onStart: () => (starts++ === 0 ? 'falls back' : 'runs'),
    });
    await until(ask());
    expect([effective(), steps()]).toEqual([
      ['stop', 'start', 'start'],
      ['requested', 'stop', 'start', 'running'],
    ]);
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
    const { look, until, steps, published } = remediationWorld();
    await until(JSON.stringify(alarm('ALARM')));
    expect(steps()).toEqual(['requested', 'stop', 'start', 'running']);
    expect(published[0]?.message).toContain('asked for by alarm slow responses: Threshold Crossed: 6 > 5');
    expect(await look([JSON.stringify(alarm('OK'))])).toMatchObject({ ignored: 1, unsettled: [] });
  });

  test('that are not understood are told with what came, and hold up no other', async () => {
    const { look, ask, streamed } = remediationWorld();
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

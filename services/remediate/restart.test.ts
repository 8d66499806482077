import { describe, expect, test } from 'vitest';
import type { Instances } from '../../shared/remediation/instance.ts';
import { Fault } from '../../shared/stream/fault.ts';
import type { Interceptor } from '../../test/support/intercepted-table.ts';
import { remediationWorld, WEB } from '../../test/support/remediation-world.ts';

const killed = () => Promise.reject(new TypeError('killed here'));

describe('a run that dies', () => {
  test.each([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])('at its write %i loses nothing and repeats nothing', async (nth) => {
    const { look, until, ask, effective, steps } = remediationWorld();
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
      const { until, ask, effective } = remediationWorld({ settings: { restart } });
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

  test('does not stop again what a person has started since it was stopped unheard', async () => {
    const { until, ask, effective, instances, clock, steps } = remediationWorld();
    let isLost = false;
    const wrap = (port: Instances): Instances => ({
      ...port,
      call: async (call, id) => {
        await port.call(call, id);
        if (isLost) return;
        isLost = true;
        clock.advance(25_000);
        instances.call('start', id);
        clock.advance(25_000);
        throw new Fault('unavailable', 'no answer');
      },
    });
    await until(ask(), { wrap });
    expect([effective(), instances.stateOf(WEB)]).toEqual([['stop', 'start'], 'running']);
    expect(steps()).toEqual(['requested', 'stop', 'start', 'running']);
  });

  test('says of a reboot whose answer was lost that it is not sure', async () => {
    const { until, ask, streamed } = remediationWorld({ settings: { restart: 'reboot' } });
    const lost = () => Promise.reject(new Fault('unavailable', 'no answer'));
    await until(ask(), { wrap: (port) => ({ ...port, call: lost }) });
    expect(streamed.find(({ id }) => id === 'r1/reboot')?.message).toContain('not asked for twice');
  });

  test('goes on although the answer to its own write was lost', async () => {
    const { until, ask, effective } = remediationWorld({ settings: { restart: 'reboot' } });
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
  const { look, until, ask, effective, instances, clock } = remediationWorld();
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

describe('an instance that EC2 still shows running after its stop', () => {
  test('is not taken for running again', async () => {
    const { until, ask, effective, instances } = remediationWorld({ lag: 25_000 });
    await until(ask());
    expect([effective(), instances.stateOf(WEB)]).toEqual([['stop', 'start'], 'running']);
  });

  test('is not, either, by a host whose clock is minutes ahead', async () => {
    const { look, until, ask, effective, instances, clock } = remediationWorld({ lag: 25_000 });
    const body = ask();
    const ahead = { ...clock, now: () => clock.now() + 240_000 };
    await look([body]);
    await look([body], { clock: ahead });
    await until(body);
    expect([effective(), instances.stateOf(WEB)]).toEqual([['stop', 'start'], 'running']);
  });

  test('is running again when somebody else has started it meanwhile', async () => {
    const { look, until, ask, steps, effective, instances, clock } = remediationWorld({
      stopTakes: 5_000,
      startTakes: 5_000,
    });
    const body = ask();
    await look([body]);
    clock.advance(10_000);
    instances.call('start', WEB);
    clock.advance(20_000);
    await until(body);
    expect([effective(), steps()]).toEqual([
      ['stop', 'start'],
      ['requested', 'stop', 'start', 'running'],
    ]);
  });
});

describe('what cannot be told', () => {
  test('holds up no restart, and is told later, each once where it was refused', async () => {
    const { look, until, ask, steps, streamed, published, clock, instances } = remediationWorld();
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

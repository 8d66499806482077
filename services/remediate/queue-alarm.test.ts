import { describe, expect, test } from 'vitest';
import type { LogEvent } from '../../shared/events/event.ts';
import type { RemediationRequest } from '../../shared/remediation/request.ts';
import { manualClock } from '../../test/support/manual-clock.ts';
import { WEB } from '../../test/support/remediation-world.ts';
import { queueAlarm } from './queue-alarm.ts';

function setup(refused = false) {
  const sent: RemediationRequest[] = [];
  const told: LogEvent[] = [];
  const take = <T>(to: T[], all: readonly T[]) => {
    if (refused) return [{ index: 0, reason: 'denied: SendMessageBatch failed' }];
    to.push(...all);
    return [];
  };
  const ports = {
    alarms: { slow: WEB },
    send: async (requests: readonly RemediationRequest[]) => take(sent, requests),
    put: async (events: readonly LogEvent[]) => take(told, events),
    clock: manualClock(),
  };
  return { sent, told, invoke: (event: unknown) => queueAlarm(event, ports) };
}

const alarm = (alarmName: string, value = 'ALARM') => ({
  source: 'aws.cloudwatch',
  alarmData: { alarmName, state: { value, reason: 'it is slow', timestamp: '2026-11-21T12:00:00.000+0000' } },
});

describe('an alarm that invokes the function itself', () => {
  test('is put on the queue', async () => {
    const { invoke, sent } = setup();
    expect(await invoke(alarm('slow'))).toBe('queued');
    expect(sent).toMatchObject([
      { instance: WEB, by: { kind: 'alarm', name: 'slow' }, at: '2026-11-21T12:00:00.000Z' },
    ]);
  });

  test('that is over asks for nothing', async () => {
    const { invoke, sent, told } = setup();
    expect([await invoke(alarm('slow', 'OK')), sent, told]).toEqual(['ignored', [], []]);
  });

  test('of no instance is told to people', async () => {
    const { invoke, told } = setup();
    expect(await invoke(alarm('another'))).toBe('unclear');
    expect(told.map(({ type, level }) => [type, level])).toEqual([
      ['remediation.failed', 'error'],
      ['log', 'error'],
    ]);
  });

  test.each([alarm('slow'), alarm('another'), 'no event at all'])(
    'fails when it cannot be queued or told, so that Lambda tries again: %j',
    async (event) => {
      await expect(setup(true).invoke(event)).rejects.toThrow('SendMessageBatch failed');
    },
  );
});

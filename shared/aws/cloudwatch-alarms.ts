import type { AlarmState } from '../health/examine.ts';
import { callAws } from './aws-fault.ts';
import { cloudWatch } from './cloudwatch-client.ts';

const PAGE = 100;

/** Every metric alarm whose name begins so. */
export async function alarmStates(prefix: string): Promise<AlarmState[]> {
  const { sdk, client } = await cloudWatch();
  const states: AlarmState[] = [];
  let token: string | undefined;
  do {
    const request = { AlarmNamePrefix: prefix, MaxRecords: PAGE, NextToken: token };
    const page = await callAws('DescribeAlarms', () => client.send(new sdk.DescribeAlarmsCommand(request)));
    for (const { AlarmName = '', StateValue = '', AlarmDescription = '' } of page.MetricAlarms ?? []) {
      states.push({ name: AlarmName, state: StateValue, description: AlarmDescription });
    }
    token = page.NextToken;
  } while (token !== undefined);
  return states;
}

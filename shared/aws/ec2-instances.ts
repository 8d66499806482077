import {
  INSTANCE_STATES,
  type Instance,
  type InstanceCall,
  type InstanceId,
  type Instances,
} from '../remediation/instance.ts';
import { Fault } from '../stream/fault.ts';
import { callAws } from './aws-fault.ts';
import { ec2 } from './ec2-client.ts';

/** The EC2 instances of this account and region. */
export function ec2Instances(): Instances {
  return { find, call };
}

async function find(id: InstanceId): Promise<Instance | undefined> {
  try {
    return await callAws('DescribeInstances', async () => {
      const { sdk, client } = await ec2();
      const { Reservations = [] } = await client.send(new sdk.DescribeInstancesCommand({ InstanceIds: [id] }));
      const found = Reservations.flatMap(({ Instances = [] }) => Instances).find(({ InstanceId }) => InstanceId === id);
      const state = INSTANCE_STATES.find((name) => name === found?.State?.Name);
      if (!found || !state) return undefined;
      const tags = new Map((found.Tags ?? []).map(({ Key = '', Value = '' }) => [Key, Value]));
      return { state, tags, launchedAt: found.LaunchTime?.toISOString() ?? '' };
    });
  } catch (fault) {
    if (fault instanceof Fault && fault.code === 'missing') return undefined;
    throw fault;
  }
}

async function call(name: InstanceCall, id: InstanceId): Promise<void> {
  const { sdk, client } = await ec2();
  const InstanceIds = [id];
  switch (name) {
    case 'stop':
      await callAws('StopInstances', () => client.send(new sdk.StopInstancesCommand({ InstanceIds })));
      return;
    case 'start':
      await callAws('StartInstances', () => client.send(new sdk.StartInstancesCommand({ InstanceIds })));
      return;
    case 'reboot':
      await callAws('RebootInstances', () => client.send(new sdk.RebootInstancesCommand({ InstanceIds })));
      return;
    default:
      return name satisfies never;
  }
}

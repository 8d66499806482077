import { EC2Client, RunInstancesCommand, TerminateInstancesCommand } from '@aws-sdk/client-ec2';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ec2Instances } from '../../shared/aws/ec2-instances.ts';
import { type InstanceId, type Instances, parseInstanceId } from '../../shared/remediation/instance.ts';
import { calledInstances } from '../simulation/models/called-instances.ts';
import { ModelInstances } from '../simulation/models/model-instances.ts';
import { calmWorld } from './calm-world.ts';
import { eventually } from './local-cloud.ts';

interface InstancesUnderTest {
  instances: Instances;
  launch(tags: Record<string, string>): Promise<InstanceId>;
  remove(): Promise<void>;
}

async function modelInstances(): Promise<InstancesUnderTest> {
  const { service, instance, scheduler, settle } = calmWorld();
  const model = new ModelInstances({ now: () => scheduler.now, stopTakes: 20, startTakes: 20 });
  const called = calledInstances(instance, { model, service, losesAnswer: () => false });
  let launched = 0;
  return {
    instances: { find: (id) => settle(called.find(id)), call: (call, id) => settle(called.call(call, id)) },
    launch: async (tags) => {
      const id = parseInstanceId(`i-${String(launched++).padStart(17, '0')}`) as InstanceId;
      model.launch(id, { tags });
      return id;
    },
    remove: async () => {},
  };
}

async function localCloudInstances(): Promise<InstancesUnderTest> {
  const client = new EC2Client({});
  const InstanceIds: string[] = [];
  return {
    instances: ec2Instances(),
    launch: async (tags) => {
      const Tags = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
      const TagSpecifications = [{ ResourceType: 'instance' as const, Tags }];
      const size = { MinCount: 1, MaxCount: 1, InstanceType: 't3.nano' as const };
      const run = new RunInstancesCommand({ ImageId: 'ami-00000000', ...size, TagSpecifications });
      const id = parseInstanceId((await client.send(run)).Instances?.[0]?.InstanceId) as InstanceId;
      InstanceIds.push(id);
      return id;
    },
    remove: async () => {
      await client.send(new TerminateInstancesCommand({ InstanceIds }));
      client.destroy();
    },
  };
}

describe.each([
  ['the model', modelInstances],
  ['EC2 on the local cloud', localCloudInstances],
] as const)('instances, as %s', (_, open) => {
  let cloud: InstancesUnderTest;
  beforeAll(async () => {
    cloud = await open();
  });
  afterAll(() => cloud.remove());

  const reaches = (id: InstanceId, state: string) =>
    eventually(`${id} ${state}`, async () => ((await cloud.instances.find(id))?.state === state ? true : undefined));

  test('are found with their state and tags', async () => {
    const id = await cloud.launch({ 'sluice-remediation': 'allowed', Name: 'web "1" <é>' });
    await reaches(id, 'running');
    const found = await cloud.instances.find(id);
    expect(Date.parse(found?.launchedAt ?? '')).not.toBeNaN();
    const tags = [...(found?.tags ?? [])].sort();
    expect(tags).toEqual([
      ['Name', 'web "1" <é>'],
      ['sluice-remediation', 'allowed'],
    ]);
  });

  test('have no tags where nobody gave them any', async () => {
    expect((await cloud.instances.find(await cloud.launch({})))?.tags).toEqual(new Map());
  });

  test('stop and start, and take each call twice', async () => {
    const id = await cloud.launch({});
    await reaches(id, 'running');
    for (const [call, state] of [
      ['stop', 'stopped'],
      ['start', 'running'],
    ] as const) {
      await cloud.instances.call(call, id);
      await cloud.instances.call(call, id);
      await reaches(id, state);
    }
  });

  test('reboot, and run on', async () => {
    const id = await cloud.launch({});
    await reaches(id, 'running');
    await cloud.instances.call('reboot', id);
    await reaches(id, 'running');
  });

  test('that are not there are not found, and a call on them is a fault that says so', async () => {
    const nobody = parseInstanceId('i-0fffffffffffffff0') as InstanceId;
    expect(await cloud.instances.find(nobody)).toBeUndefined();
    for (const call of ['stop', 'start', 'reboot'] as const) {
      await expect(cloud.instances.call(call, nobody)).rejects.toMatchObject({ name: 'Fault', code: 'missing' });
    }
  });
});

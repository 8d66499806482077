import { expect, test } from 'vitest';
import { diagnose } from './diagnose.ts';
import type { DoctorPorts } from './ports.ts';

const OUTPUTS = [
  'StreamName',
  'ArchiveBucket',
  'FailuresBucket',
  'LedgerTable',
  'AlertGroupsTable',
  'CriticalTopicArn',
];
const STACK = { status: 'UPDATE_COMPLETE', outputs: Object.fromEntries(OUTPUTS.map((name) => [name, 'x'])) };
const PATIENT = { stage: 'dev', where: 'eu-west-1', alarms: { isEnabled: true, iteratorAgeSeconds: 900 } };

const consumers = ['routeAlerts', 'projectIncidents', 'archiveEvents'];
const nothing = async () => ({ count: 0, keys: [] });

function ports(part: Partial<DoctorPorts> = {}): DoctorPorts {
  return {
    stack: async () => STACK,
    mappings: async () => consumers.map((functionKey) => ({ functionKey, state: 'Enabled' })),
    receipts: async () => ({ newest: [], accounts: [] }),
    iteratorAges: async () => ({}),
    throttles: async () => ({}),
    quarantined: nothing,
    notArchived: nothing,
    givenUp: nothing,
    alarms: async () => [{ name: 'a', state: 'OK', description: '' }],
    subscriptions: async () => [],
    overdueNotices: async () => 0,
    ...part,
  };
}

const states = async (part?: Partial<DoctorPorts>) =>
  (await diagnose(PATIENT, ports(part))).map(({ check, state }) => `${check} ${state}`);

const CHECKS = [
  ...['access', 'stack', 'mappings', 'backlog', 'ledger', 'throttles', 'quarantine', 'archive', 'failures'],
  ...['notices', 'subscriptions', 'alarms'],
];

test('all is well with a deployment with which all is well', async () => {
  expect(await states()).toEqual(CHECKS.map((check) => `${check} well`));
});

test('a deployment without an archive is not asked what it could not archive', async () => {
  const stack = { ...STACK, outputs: { ...STACK.outputs, Archive: 'disabled' } };
  const notArchived = () => Promise.reject(new Error('asked'));
  const findings = await diagnose(PATIENT, ports({ stack: async () => stack, notArchived }));
  expect(findings.filter(({ check }) => check === 'archive')).toEqual([
    { check: 'archive', state: 'well', says: 'there is none: archive.enabled is false' },
  ]);
});

test('what cannot be looked at is told as such, with its reason, and hides nothing else', async () => {
  const refused = Object.assign(new Error('no'), { name: 'AccessDeniedException' });
  const findings = await diagnose(PATIENT, ports({ receipts: () => Promise.reject(refused) }));
  expect(findings.filter(({ state }) => state !== 'well')).toEqual(
    ['backlog', 'ledger'].map((check) => ({
      check,
      state: 'unknown',
      says: 'it could not be looked at',
      advice: 'AWS refused it: these credentials lack a permission. (no)',
    })),
  );
});

test('each thing that is wrong is told in its place', async () => {
  const some = async () => ({ count: 1, keys: ['key'] });
  const wrong = {
    quarantined: some,
    givenUp: some,
    notArchived: some,
    overdueNotices: async () => 3,
    throttles: async () => ({ stream: 1 }),
  };
  const found = await states(wrong);
  expect(found.filter((one) => one.endsWith('wrong'))).toEqual(
    ['throttles', 'quarantine', 'archive', 'failures', 'notices'].map((check) => `${check} wrong`),
  );
});

test('a stage that is not deployed has nothing to look at', async () => {
  expect(await diagnose(PATIENT, ports({ stack: async () => undefined }))).toEqual([
    { check: 'access', state: 'well', says: 'AWS answers: eu-west-1' },
    {
      check: 'stack',
      state: 'wrong',
      says: 'sluice-dev is not deployed at eu-west-1',
      advice: 'deploy it: npx serverless deploy --stage dev',
    },
  ]);
});

test('credentials that are missing are told with what to do about it', async () => {
  const missing = Object.assign(new Error('none'), { name: 'CredentialsProviderError' });
  const [finding, ...others] = await diagnose(PATIENT, ports({ stack: () => Promise.reject(missing) }));
  expect([finding?.check, finding?.state, others]).toEqual(['access', 'wrong', []]);
  expect(finding?.advice).toMatch(/^No AWS credentials were found: set AWS_PROFILE/);
});

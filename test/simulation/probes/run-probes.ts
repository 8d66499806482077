import { templateFaults } from '../../../infrastructure/check-template.ts';
import type { Template } from '../../../infrastructure/template.ts';
import type { World } from '../world.ts';
import { probeBisect } from './probe-bisect.ts';
import { probeLate } from './probe-late.ts';
import { probeOwnLogs } from './probe-own-logs.ts';
import { probeRetries } from './probe-retries.ts';
import { probeSilence } from './probe-silence.ts';
import { probeThrottle } from './probe-throttle.ts';
import { probeTimeOut } from './probe-time-out.ts';

/** Faults that the product must not have, tried on functions that have them on purpose. */
export async function runProbes(world: World): Promise<void> {
  const { planned } = world.chaos;
  if (planned.has(4)) {
    await probeTimeOut(world, 'answered');
    await probeTimeOut(world, 'killed');
  }
  if (planned.has(10)) await probeBisect(world);
  if (planned.has(12)) await probeSilence(world);
  if (planned.has(14)) {
    await probeRetries(world, 'restarts');
    await probeRetries(world, 'goes on');
  }
  if (planned.has(13)) probeTemplate(world);
  if (planned.has(41)) await probeOwnLogs(world);
  if (planned.has(43)) await probeLate(world);
  if (planned.has(18)) {
    for (const retryCounter of ['restarts', 'goes on'] as const) {
      await probeThrottle(world, { retryCounter, isBegun: false });
      await probeThrottle(world, { retryCounter, isBegun: true });
    }
  }
}

/** A mapping without ReportBatchItemFailures counts a partial answer as success: the template's check must refuse it. */
function probeTemplate(world: World): void {
  const mapping = (types: string[] | undefined): Template => ({
    Resources: {
      Mapping: {
        Type: 'AWS::Lambda::EventSourceMapping',
        Properties: { StartingPosition: 'TRIM_HORIZON', FunctionResponseTypes: types },
      },
    },
  });
  const names = (template: Template) =>
    templateFaults(template).some((fault) => fault.includes('ReportBatchItemFailures'));
  for (const types of [undefined, []]) {
    if (names(mapping(types))) world.chaos.hit(13);
    else world.violate('the template check passes a mapping without partial answers');
  }
  if (names(mapping(['ReportBatchItemFailures'])))
    world.violate('the template check refuses a mapping with partial answers');
}

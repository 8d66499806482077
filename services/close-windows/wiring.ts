import { onlyLevelTopics } from '../../shared/alerts/outbox.ts';
import { snsTopics } from '../../shared/aws/sns-topics.ts';
import { deployedTables } from '../../shared/runtime/deployed-tables.ts';
import { requiredByLevel } from '../../shared/runtime/environment.ts';
import { systemClock as clock } from '../../shared/runtime/system-clock.ts';
import { closeWindows } from './close-windows.ts';

const ports = {
  clock,
  alertGroups: deployedTables.alertGroups(),
  receivers: onlyLevelTopics(snsTopics(requiredByLevel('TOPIC_ARN'), clock)),
};

/** Closes what is due within this many milliseconds. */
export const close = (milliseconds: number) => closeWindows(ports, clock.now() + milliseconds);

import { deployedReceivers } from '../../shared/runtime/deployed-receivers.ts';
import { deployedTables } from '../../shared/runtime/deployed-tables.ts';
import { deployedConfiguration } from '../../shared/runtime/environment.ts';
import { systemClock as clock } from '../../shared/runtime/system-clock.ts';
import { closeWindows } from './close-windows.ts';

/** To the end of the minute's run: the next one tries again. */
const REST_MILLISECONDS = 45_000;

const ports = {
  clock,
  alertGroups: deployedTables.alertGroups(),
  receivers: deployedReceivers(deployedConfiguration<'alerts'>().alerts, { clock, rest: REST_MILLISECONDS }),
};

/** Closes what is due within this many milliseconds. */
export const close = (milliseconds: number) => closeWindows(ports, clock.now() + milliseconds);

import { ModelApplication } from '../models/model-application.ts';
import type { World } from '../world.ts';
import { LogEvents } from './log-events.ts';

const MINUTE = 60_000;
const APPLICATIONS = 2;
const BURSTS = 25;
const LARGEST_BURST = 12;
/** More than may wait: nothing but critical events while the stream is down, of which none may go. */
const CRITICAL_BURST = 60;

/** In some runs applications log with the client beside what others put; in half of these the stream is down for an hour. */
export function scheduleApplications(world: World): ModelApplication[] {
  const { plan, scheduler } = world;
  const random = world.random.fork('applications');
  if (!random.chance(0.25)) return [];
  const { from, to } = plan.input;
  const isDown = random.chance(0.5);
  const down = isDown ? [{ from: from + 10 * MINUTE, to: Math.min(from + 70 * MINUTE, to) }] : [];
  return Array.from({ length: APPLICATIONS }, (_, n) => {
    const application = new ModelApplication({
      world,
      random: random.fork(`client ${n}`),
      source: `application-${n}`,
      down,
    });
    const events = new LogEvents(random.fork(`events ${n}`), { oneFingerprint: plan.planned.has(30), skew: () => 0 });
    for (let burst = 0; burst < BURSTS; burst++) {
      const size = random.between(1, LARGEST_BURST);
      const isFlushed = random.chance(0.3);
      scheduler.at(random.between(from, to), 'an application logs', () => {
        for (let count = 0; count < size; count++) application.say(events.make(scheduler.now));
        if (isFlushed) application.flush();
      });
    }
    if (n === 0 && isDown && random.chance(0.5)) {
      scheduler.at((down[0]?.from ?? from) + MINUTE, 'an application logs critical events', () => {
        for (let count = 0; count < CRITICAL_BURST; count++)
          application.say({ ...events.make(scheduler.now), level: 'critical' });
      });
    }
    return application;
  });
}

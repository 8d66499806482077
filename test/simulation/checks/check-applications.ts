import { LEVELS } from '../../../shared/events/levels.ts';
import type { ModelApplication } from '../models/model-application.ts';
import type { World } from '../world.ts';

const NOTICE = 'sluice/client';

/**
 * Of each application: every event that it logged is on the stream, as it was said, or counted as dropped, level by level,
 * by the client and on the stream; no critical one is; and stamps and ids only go up. That each counts once is checked
 * with all events.
 */
export function checkApplications(world: World): void {
  for (const application of world.applications) {
    const violate = (what: string) => world.violate(`${application.source}: ${what}`);
    checkCounts(application, violate);
    checkSaid(application, violate);
    checkOrder(application, violate);
  }
}

type Violate = (what: string) => void;

function checkCounts({ log, taken }: ModelApplication, violate: Violate): void {
  const { logged, put, waiting, dropped, refused } = log.counts();
  if (waiting > 0 || refused > 0) violate(`${waiting} events wait for ever, ${refused} are refused`);
  if (logged !== put + dropped) violate(`${logged} events logged, ${put} put and ${dropped} dropped`);
  const distinct = new Set(taken.map(({ id }) => id)).size;
  if (put !== distinct) violate(`${put} events are said to be put, ${distinct} are on the stream`);
  const reported = log.runIssues.find(({ code }) => code === 'dropped')?.count ?? 0;
  if (reported !== dropped) violate(`${dropped} events dropped, ${reported} reported`);
}

function checkSaid({ said, taken }: ModelApplication, violate: Violate): void {
  const distinct = [...new Map(taken.map((event) => [event.id, event])).values()];
  const notices = distinct.filter(({ locator }) => locator === NOTICE);
  const arrived = new Map(distinct.map((event) => [Number(event.locator), event]));
  for (const level of LEVELS) {
    const told = notices.reduce((sum, { attributes }) => sum + Number(attributes?.[level] ?? 0), 0);
    const missing = [...said].filter(([number, each]) => each.level === level && !arrived.has(number)).length;
    if (missing !== told) violate(`${missing} events of level ${level} are missing, the stream is told of ${told}`);
    if (told > 0 && level === 'critical') violate(`${told} critical events were dropped`);
  }
  for (const [number, { level }] of said) {
    const event = arrived.get(number);
    if (event !== undefined && event.level !== level) violate(`event ${number} arrived as ${event.level}`);
  }
}

function checkOrder({ said, taken }: ModelApplication, violate: Violate): void {
  const own = taken.filter(({ locator }) => locator !== NOTICE);
  const byNumber = own.sort((a, b) => Number(a.locator) - Number(b.locator));
  for (const [index, event] of byNumber.entries()) {
    const before = byNumber[index - 1];
    if (before === undefined || before.id === event.id) continue;
    if (before.id >= event.id || before.time >= event.time)
      violate(`the stamps of ${before.id} and ${event.id} do not go up`);
    const behind = (said.get(Number(event.locator))?.at ?? 0) - Date.parse(event.time);
    if (behind > 0) violate(`event ${event.id} is stamped ${behind} ms before it was logged`);
  }
}

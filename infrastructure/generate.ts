import { writeFileSync } from 'node:fs';
import { logEventsColumnsFile } from '../analytics/log-events-table.ts';

/** Writes what is committed under `generated/`: `node infrastructure/generate.ts`. A test says when it is out of date. */
writeFileSync(new URL('generated/log-events-columns.json', import.meta.url), logEventsColumnsFile());

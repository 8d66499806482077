import { readFileSync } from 'node:fs';
import { type Configuration, parseConfiguration } from '../../shared/runtime/configuration.ts';

const PAGE = new URL('../../docs/cost.md', import.meta.url);

/** The configuration that a section of docs/cost.md shows, so that what is measured is what the page says. */
export function pageConfiguration(section: string): Configuration {
  const page = readFileSync(PAGE, 'utf8');
  const text = page.split(/^## /m).find((part) => part.startsWith(`${section}\n`));
  const yaml = /```yaml\n(.*?)```/s.exec(text ?? '')?.[1];
  if (yaml === undefined) throw new Error(`expected docs/cost.md to show a configuration under "${section}", got none`);
  return parseConfiguration(yaml, { fileName: `docs/cost.md, ${section}` });
}

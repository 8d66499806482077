import { logEventsColumnsFile } from '../analytics/log-events-table.ts';
import { formatsPage } from './formats-page.ts';
import { httpValidatorFile } from './http-validator.ts';
import { openApiFile } from './open-api.ts';

/** Every file that is generated and committed, with the text that it must have. */
export function generatedFiles(): { url: URL; text: string }[] {
  return [
    { url: new URL('generated/log-events-columns.json', import.meta.url), text: logEventsColumnsFile() },
    {
      url: new URL('../services/ingest-http/generated/validate-request.js', import.meta.url),
      text: httpValidatorFile(),
    },
    { url: new URL('../docs/openapi.json', import.meta.url), text: openApiFile() },
    { url: new URL('../docs/formats.md', import.meta.url), text: formatsPage() },
  ];
}

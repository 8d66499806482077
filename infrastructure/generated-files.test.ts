import { existsSync, readFileSync } from 'node:fs';
import { Validator } from '@seriousme/openapi-schema-validator';
import { expect, it } from 'vitest';
import { generatedFiles } from './generated-files.ts';
import { openApi } from './open-api.ts';

it.each(generatedFiles().map(({ url, text }) => [url.pathname.split('/').slice(-2).join('/'), url, text] as const))(
  '%s is what is committed; if not, run node infrastructure/generate.ts',
  (_, url, text) => {
    expect(existsSync(url) && readFileSync(url, 'utf8')).toBe(text);
  },
);

it('the description of POST /logs is valid OpenAPI 3.1', async () => {
  const validator = new Validator();
  expect(await validator.validate(openApi())).toEqual({ valid: true });
  expect(validator.version).toBe('3.1');
});

it('a description that is not valid is found out', async () => {
  const broken = { ...openApi(), paths: { logs: {} } };
  expect(await new Validator().validate(broken)).toMatchObject({ valid: false });
});

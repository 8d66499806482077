import { expect, it } from 'vitest';
import { configurationFilePath, readConfiguration } from './configuration-file.ts';

it('is sluice.yml beside serverless.yml, unless the environment names another', () => {
  expect(configurationFilePath({}, '/srv/sluice')).toBe('/srv/sluice/sluice.yml');
  expect(configurationFilePath({ SLUICE_CONFIG_FILE: '' }, '/srv/sluice')).toBe('/srv/sluice/sluice.yml');
  expect(configurationFilePath({ SLUICE_CONFIG_FILE: 'demo.yml' }, '/srv/sluice')).toBe('/srv/sluice/demo.yml');
  expect(configurationFilePath({ SLUICE_CONFIG_FILE: '/etc/sluice.yml' }, '/srv/sluice')).toBe('/etc/sluice.yml');
});

it('says in one sentence that there is no such file', () => {
  expect(() => readConfiguration('/nowhere/demo.yml')).toThrow(
    "demo.yml expected a file that can be read, got ENOENT: no such file or directory, open '/nowhere/demo.yml'; set SLUICE_CONFIG_FILE, or bring sluice.yml back",
  );
});

import { expect, it } from 'vitest';
import { ConfigurationError, parseConfiguration } from './configuration.ts';

const archiveOf = (yaml: string) => parseConfiguration(yaml).archive;

it('archives by default, in as few objects as five minutes allow', () => {
  expect(archiveOf('')).toStrictEqual({ isEnabled: true, bufferSeconds: 300, bufferMiB: 128 });
});

it('archives nothing where it says so, whatever its buffer is', () => {
  expect(archiveOf('archive: {enabled: false, buffer: {time: 90s}}')).toStrictEqual({
    isEnabled: false,
    bufferSeconds: 90,
    bufferMiB: 128,
  });
});

it.each([
  ['archive: {enabled: perhaps}', 'archive.enabled'],
  ['archive: {buffer: {size: 63 MiB}}', 'archive.buffer.size'],
  ['archive: {buffer: {size: 128}}', 'archive.buffer.size'],
  ['archive: {buffer: {time: 16m}}', 'archive.buffer.time'],
])('refuses %s', (yaml, path) => {
  const faults = () => archiveOf(yaml);
  expect(faults).toThrow(ConfigurationError);
  expect(faults).toThrow(path);
});

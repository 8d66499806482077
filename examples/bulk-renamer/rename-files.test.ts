import { linkSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { keptLog } from '../kept-log.fixture.ts';
import { lookInto, renameFiles, undoLast } from './rename-files.ts';

const UNDO_FILE = '.bulk-renamer-undo.jsonl';
const PATTERN = { search: '^IMG_', replace: 'photo-' };

let folder: string;
let { log, lines } = keptLog();

beforeEach(() => {
  ({ log, lines } = keptLog());
  folder = mkdtempSync(join(tmpdir(), 'sluice-renamer-'));
  for (const name of ['IMG_1', 'IMG_2', 'other']) writeFileSync(join(folder, name), `this was ${name}`);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const names = () => readdirSync(folder).filter((name) => name !== UNDO_FILE);
const write = (name: string, text: string) => writeFileSync(join(folder, name), text);
const read = (name: string) => readFileSync(join(folder, name), 'utf8');

async function renameAll(pattern = PATTERN) {
  const { renames } = await lookInto(folder, pattern, log);
  return renameFiles(folder, renames, log);
}

test('looking changes nothing, and leaves folders and hidden files alone', async () => {
  mkdirSync(join(folder, 'IMG_folder'));
  write('.IMG_hidden', '');
  const before = readdirSync(folder);
  const { renames } = await lookInto(folder, { search: 'IMG_', replace: 'photo-' }, log);
  expect(renames.map(({ from }) => from)).toEqual(['IMG_1', 'IMG_2']);
  expect(readdirSync(folder)).toEqual(before);
});

test('what was renamed is what it was, and can be taken back, time by time', async () => {
  await renameAll();
  expect([names(), read('photo-1')]).toEqual([['other', 'photo-1', 'photo-2'], 'this was IMG_1']);
  await renameAll({ search: 'photo', replace: 'picture' });
  expect(names()).toEqual(['other', 'picture-1', 'picture-2']);
  await undoLast(folder, log);
  expect(names()).toEqual(['other', 'photo-1', 'photo-2']);
  await undoLast(folder, log);
  expect([names(), read('IMG_2')]).toEqual([['IMG_1', 'IMG_2', 'other'], 'this was IMG_2']);
  expect(readdirSync(folder)).not.toContain(UNDO_FILE);
  expect(await undoLast(folder, log)).toBeUndefined();
});

test('a file that appears after the look is not replaced; the others are renamed, and it can be taken back', async () => {
  const { renames } = await lookInto(folder, PATTERN, log);
  write('photo-1', 'somebody else');
  const { done, failed } = await renameFiles(folder, renames, log);
  expect([done, failed].map((some) => some.map(({ to }) => to))).toEqual([['photo-2'], ['photo-1']]);
  expect([read('photo-1'), read('IMG_1')]).toEqual(['somebody else', 'this was IMG_1']);
  expect(lines.filter((line) => line.startsWith('critical'))).toEqual([
    'critical move-2 Renaming IMG_1 to photo-1 failed',
  ]);
  await undoLast(folder, log);
  expect([read('IMG_2'), read('photo-1')]).toEqual(['this was IMG_2', 'somebody else']);
});

test('what was interrupted is taken back: what was not done yet, and what was half done', async () => {
  const renames = ['1', '2'].map((n) => ({ from: `IMG_${n}`, to: `photo-${n}` }));
  write(UNDO_FILE, `${JSON.stringify(renames)}\n`);
  linkSync(join(folder, 'IMG_2'), join(folder, 'photo-2'));
  const undone = await undoLast(folder, log);
  expect(undone?.failed).toEqual([]);
  expect(names()).toEqual(['IMG_1', 'IMG_2', 'other']);
});

test('what cannot be taken back stays in the undo file', async () => {
  await renameAll();
  write('IMG_1', 'somebody else');
  expect((await undoLast(folder, log))?.failed).toEqual([{ from: 'photo-1', to: 'IMG_1' }]);
  rmSync(join(folder, 'IMG_1'));
  expect((await undoLast(folder, log))?.failed).toEqual([]);
  expect([names(), read('IMG_1')]).toEqual([['IMG_1', 'IMG_2', 'other'], 'this was IMG_1']);
});

test.each([
  ['[{"from":"../../up","to":"IMG_1"}]', 'expected names of files'],
  ['[{"from":"photo-1"}]', 'expected names of files'],
  ['{', 'expected a line of JSON'],
])('an undo file that somebody changed is refused: %s', async (line, message) => {
  write(UNDO_FILE, `${line}\n`);
  await expect(undoLast(folder, log)).rejects.toThrow(message);
});

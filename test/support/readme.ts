import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PROJECT_FOLDER } from '../../local/local-folder.ts';

interface Wanted {
  language: string;
  /** Text that this block holds and no other of the language. */
  holding: string;
}

/** The README's code for each producer, each run by an end-to-end test; test/readme.test.ts holds this list to the README. */
export const PRODUCERS = {
  put: { language: 'sh', holding: 'sluice put' },
  http: { language: 'sh', holding: 'curl' },
  client: { language: 'js', holding: "from 'sluice/client';\n\nconst log" },
  pino: { language: 'js', holding: 'sluice/client/pino' },
  winston: { language: 'js', holding: 'sluice/client/winston' },
  kinesis: { language: 'python', holding: 'put_records' },
  cloudwatch: { language: 'yaml', holding: 'cloudWatch:' },
  files: { language: 'python', holding: 'upload_file' },
} as const satisfies Record<string, Wanted>;

/** What people copy from the README is what tests run. */
export function producerBlock(producer: keyof typeof PRODUCERS): string {
  return documentBlock('README.md', PRODUCERS[producer]);
}

/** The one fenced block of a document in this language that holds this text. */
export function documentBlock(file: string, { language, holding }: Wanted): string {
  const blocks = documentBlocks(file).filter((one) => one.language === language && one.text.includes(holding));
  const [block, ...others] = blocks;
  if (block !== undefined && others.length === 0) return block.text;
  throw new Error(`expected one ${language} block with "${holding}" in ${file}, got ${blocks.length}`);
}

/** All fenced blocks of a document, in their order. */
export function documentBlocks(file: string): { language: string; text: string }[] {
  return fencedBlocks(readFileSync(join(PROJECT_FOLDER, file), 'utf8'));
}

/** All fenced blocks of a text in Markdown. */
export function fencedBlocks(markdown: string): { language: string; text: string }[] {
  const blocks = markdown.matchAll(/^```(\w*)\n([\s\S]*?)^```$/gm);
  return Array.from(blocks, ([, language = '', text = '']) => ({ language, text }));
}

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PROJECT_FOLDER } from '../../local/local-folder.ts';

/** The one fenced block of the README in this language that holds this text: what people copy is what tests run. */
export function readmeBlock(language: string, holding: string): string {
  return documentBlock('README.md', { language, holding });
}

/** The same of another document. */
export function documentBlock(file: string, { language, holding }: { language: string; holding: string }): string {
  const blocks = documentBlocks(file).filter((one) => one.language === language && one.text.includes(holding));
  const [block, ...others] = blocks;
  if (block !== undefined && others.length === 0) return block.text;
  throw new Error(`expected one ${language} block with "${holding}" in ${file}, got ${blocks.length}`);
}

/** All fenced blocks of a document, in their order. */
export function documentBlocks(file: string): { language: string; text: string }[] {
  const document = readFileSync(join(PROJECT_FOLDER, file), 'utf8');
  return [...document.matchAll(/^```(\w*)\n([\s\S]*?)^```$/gm)].map(([, language = '', text = '']) => ({
    language,
    text,
  }));
}

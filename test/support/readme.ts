import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PROJECT_FOLDER } from '../../local/local-folder.ts';

/** The one fenced block of the README in this language that holds this text: what people copy is what tests run. */
export function readmeBlock(language: string, holding: string): string {
  return documentBlock('README.md', { language, holding });
}

/** The same of another document. */
export function documentBlock(file: string, { language, holding }: { language: string; holding: string }): string {
  const document = readFileSync(join(PROJECT_FOLDER, file), 'utf8');
  const blocks = [...document.matchAll(/^```(\w*)\n([\s\S]*?)^```$/gm)]
    .filter(([, name, text]) => name === language && text?.includes(holding))
    .map(([, , text]) => text ?? '');
  const [block, ...others] = blocks;
  if (block !== undefined && others.length === 0) return block;
  throw new Error(`expected one ${language} block with "${holding}" in ${file}, got ${blocks.length}`);
}

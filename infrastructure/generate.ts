import { writeFileSync } from 'node:fs';
import { generatedFiles } from './generated-files.ts';

/** Writes what is generated and committed: `node infrastructure/generate.ts`. A test says when it is out of date. */
for (const { url, text } of generatedFiles()) writeFileSync(url, text);

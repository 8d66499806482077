import { readFile, writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { createLogger } from '../../client/index.ts';
import { cleanProducts } from './products.ts';

const [input, output] = process.argv.slice(2);
if (input === undefined || output === undefined) {
  process.stderr.write('node examples/products-csv/main.ts INPUT.csv OUTPUT.csv\n');
  process.exit(2);
}

const log = createLogger({ source: 'products-csv' });
try {
  const { csv, summary } = cleanProducts(await readFile(input, 'utf8'), basename(input), log);
  await writeFile(output, csv);
  process.stdout.write(`${summary.read} products read, ${summary.written} written to ${output}\n`);
} catch (error) {
  log.critical('main', `Cannot process ${basename(input)}`, error);
  process.exitCode = 1;
}
const { put, logged } = await log.close();
process.stdout.write(`${put} of ${logged} events put\n`);

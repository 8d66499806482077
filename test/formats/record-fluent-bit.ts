/** Writes what Fluent Bit writes today to recorded/fluent-bit.json: `node test/formats/record-fluent-bit.ts`. */
import { recordFluentBit } from './fluent-bit-samples.ts';
import { builtFluentBit, runFluentBit } from './run-fluent-bit.ts';

const built = await builtFluentBit();
const from = Date.now();
const recordsOf = await runFluentBit(built);
recordFluentBit(recordsOf, from, Date.now());

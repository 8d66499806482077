import { bundleFunctions } from './cold-start/bundles.ts';
import { sizeBudgets } from './cold-start/size-budgets.ts';
import { budgetText } from './harness/render.ts';
import { isMet } from './harness/result.ts';

/** `npm run check:size`: the sizes of the functions alone, without any time. Ends with 1 where a budget is missed. */
const budgets = sizeBudgets(await bundleFunctions());
const missed = budgets.filter((budget) => !isMet(budget));
for (const budget of missed) console.error(`too large  ${budgetText(budget)}`);
if (missed.length === 0) console.log(`${budgets.length} size budgets hold`);
process.exitCode = missed.length === 0 ? 0 : 1;

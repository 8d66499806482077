import { expect, test } from 'vitest';
import { keptLog } from '../kept-log.fixture.ts';
import { cleanProducts } from './products.ts';

const CSV = `sku,name,category,price,stock,updated
SL-1,Chair,kitchen,12.50,0,2026-10-03
SL-2,Desk,office,n/a,4,2026-10-03
SL-3,Lamp,office,-4.5,4,2026-10-03
`;

test('the good rows are written, and each thing is logged at its level', () => {
  const { lines, log } = keptLog();
  const { csv, summary } = cleanProducts(CSV, 'products.csv', log);
  expect(csv).toBe('sku,name,category,priceCents,stock,updated\nSL-1,Chair,kitchen,1250,0,2026-10-03\n');
  expect(summary).toEqual({ read: 3, written: 1, bad: 2 });
  expect(lines).toEqual([
    'info 1 Processing products.csv',
    'debug 2 Read product SL-1 from line 2',
    'warning 3 Product SL-1 is out of stock',
    'error 4 Cannot use line 3 of products.csv: expected a price, got "n/a"',
    'critical 5 Cannot use line 4 of products.csv: the price of product SL-3 is below zero: -4.5',
    'info 6 Done processing products.csv',
  ]);
});

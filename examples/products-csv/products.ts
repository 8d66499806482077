import { parse } from 'csv-parse/sync';
import { stringify } from 'csv-stringify/sync';
import type { Logger } from '../../client/index.ts';

/** A product, as the shop wants it. */
export interface Product {
  sku: string;
  name: string;
  category: string;
  priceCents: number;
  stock: number;
  updated: string;
}

export interface Summary {
  read: number;
  written: number;
  bad: number;
}

const COLUMNS = ['sku', 'name', 'category', 'price', 'stock', 'updated'] as const;

class BadRow extends Error {
  override readonly name = 'BadRow';
}

/** A value that nobody may sell by: the shop is told at once. */
class CorruptPrice extends Error {
  override readonly name = 'CorruptPrice';
}

/** Reads a products CSV, writes the good rows as a clean one, and logs what it meets, each thing at its level. */
export function cleanProducts(csv: string, fileName: string, log: Logger): { csv: string; summary: Summary } {
  const rows: string[][] = parse(csv, { relax_column_count: true, skip_empty_lines: true, from_line: 2 });
  const products: Product[] = [];
  const skus = new Set<string>();
  log.info('1', `Processing ${fileName}`, undefined, { rows: rows.length });
  for (const [index, row] of rows.entries()) {
    const line = index + 2;
    try {
      const product = readProduct(row, skus);
      skus.add(product.sku);
      products.push(product);
      log.debug('2', `Read product ${product.sku} from line ${line}`, undefined, { product });
      if (product.stock === 0) log.warning('3', `Product ${product.sku} is out of stock`, undefined, { line });
    } catch (error) {
      const found = `Cannot use line ${line} of ${fileName}: ${(error as Error).message}`;
      if (error instanceof CorruptPrice) log.critical('5', found, undefined, { line, row });
      else log.error('4', found, undefined, { line, row });
    }
  }
  const summary = { read: rows.length, written: products.length, bad: rows.length - products.length };
  log.info('6', `Done processing ${fileName}`, undefined, { ...summary });
  return { csv: stringify(products, { header: true }), summary };
}

function readProduct(row: string[], skus: ReadonlySet<string>): Product {
  if (row.length !== COLUMNS.length) throw new BadRow(`expected ${COLUMNS.length} columns, got ${row.length}`);
  const [sku = '', name = '', category = '', price = '', stock = '', updated = ''] = row;
  if (skus.has(sku)) throw new BadRow(`product ${sku} is there twice`);
  const amount = Number(price);
  if (price.trim() === '' || Number.isNaN(amount)) throw new BadRow(`expected a price, got "${price}"`);
  if (amount < 0) throw new CorruptPrice(`the price of product ${sku} is below zero: ${price}`);
  if (!/^\d+$/.test(stock)) throw new BadRow(`expected a whole number in stock, got "${stock}"`);
  if (Number.isNaN(Date.parse(updated))) throw new BadRow(`expected a date, got "${updated}"`);
  return { sku, name, category, priceCents: Math.round(amount * 100), stock: Number(stock), updated };
}

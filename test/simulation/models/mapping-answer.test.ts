import { describe, expect, test } from 'vitest';
import { readAnswer } from './mapping-answer.ts';

const BATCH = ['99', '100', '101', '1000'];
const failing = (...itemIdentifiers: unknown[]) => ({
  batchItemFailures: itemIdentifiers.map((itemIdentifier) => ({ itemIdentifier })),
});
const DONE = { status: 'done' };
const from = (place: number) => ({ status: 'failed', from: place });
const WHOLE = from(0);

describe('an answer with ReportBatchItemFailures', () => {
  test.each([
    ['nothing', undefined, DONE],
    ['null', null, DONE],
    ['an empty text', '', DONE],
    ['an empty array', [], DONE],
    ['an empty object', {}, DONE],
    ['an empty list', { batchItemFailures: [] }, DONE],
    ['null for the list', { batchItemFailures: null }, DONE],
    ['the first', failing('99'), from(0)],
    ['one in the middle', failing('100'), from(1)],
    ['the last', failing('1000'), from(3)],
    ['several: the lowest is the checkpoint', failing('1000', '100', '101'), from(1)],
    ['the same twice', failing('101', '101'), from(2)],
    ['an empty identifier', failing(''), WHOLE],
    ['null for the identifier', failing(null), WHOLE],
    ['a number for the identifier', failing(100), WHOLE],
    ['an identifier that is not of the batch', failing('98'), WHOLE],
    ['a good and an empty identifier', failing('101', ''), WHOLE],
    ['a good and an unknown identifier', failing('101', '7'), WHOLE],
    ['a misnamed key', { batchItemFailures: [{ itemIdentifer: '101' }] }, WHOLE],
    ["Middy's empty object", { batchItemFailures: [{}] }, WHOLE],
    ['null for a failure', { batchItemFailures: [null] }, WHOLE],
  ])('that is %s', (_, answer, verdict) => {
    expect(readAnswer(answer, BATCH, true)).toEqual(verdict);
  });
});

describe('an answer without ReportBatchItemFailures', () => {
  test.each([[undefined], [failing('99')], [failing('')]])('is success, whatever it is: %j', (answer) => {
    expect(readAnswer(answer, BATCH, false)).toEqual(DONE);
  });
});

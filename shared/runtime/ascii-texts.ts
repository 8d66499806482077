import { isAscii } from 'node:buffer';

/** Node's own write of base64, without the look-up of the encoding that `write` makes for each record. */
interface Base64Buffer extends Buffer {
  base64Write(text: string, offset: number): number;
}

/** Used for one batch after another; it grows to the largest, which Lambda keeps below 6 MB. */
let scratch = Buffer.allocUnsafeSlow(64 * 1_024) as Base64Buffer;

interface KinesisRecord {
  kinesis: { data: string };
}

export interface AsciiTexts {
  texts: string[];
  /** Whether no text holds a line break, nor a `\u` of JSON's that could stand for what is not ASCII. */
  isPlain: boolean;
}

/**
 * Decodes the base64 of a batch into texts, all at once: undefined when one of them is not plain ASCII. ASCII is its own
 * UTF-8, so one copy of the whole batch makes its text, and the texts of the records are slices of that: half of the time
 * that a buffer and a text for each record takes. What would be looked for in each text is looked for once, too.
 */
export function asciiTexts(records: readonly KinesisRecord[]): AsciiTexts | undefined {
  let room = 0;
  for (const { kinesis } of records) room += kinesis.data.length;
  if (scratch.length < room) scratch = Buffer.allocUnsafeSlow(room) as Base64Buffer;
  const ends = new Array<number>(records.length);
  let end = 0;
  for (let index = 0; index < records.length; index++) {
    end += scratch.base64Write((records[index] as KinesisRecord).kinesis.data, end);
    ends[index] = end;
  }
  const bytes = scratch.subarray(0, end);
  if (!isAscii(bytes)) return undefined;
  const whole = bytes.toString('latin1');
  const texts = new Array<string>(records.length);
  for (let index = 0, start = 0; index < ends.length; index++) {
    texts[index] = whole.substring(start, ends[index] as number);
    start = ends[index] as number;
  }
  return { texts, isPlain: !whole.includes('\n') && !whole.includes('\\u') };
}

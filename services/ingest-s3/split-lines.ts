import { isBlank, OpenPiece, type Piece, type Splitter } from './pieces.ts';

const NEWLINE = 0x0a;

/** Cuts at line feeds; a line that is blank is no piece. */
export function lineSplitter(maxBytes: number): Splitter {
  const open = new OpenPiece(maxBytes, 'line');
  let line = 0;
  let index = 0;

  function* finish(): Iterable<Piece> {
    line++;
    const bytes = open.take();
    if (!isBlank(bytes)) yield { index: index++, place: `line ${line}`, bytes };
  }

  return {
    *push(chunk) {
      let start = 0;
      for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, start)) {
        open.add(chunk.subarray(start, end), line + 1);
        yield* finish();
        start = end + 1;
      }
      open.add(chunk.subarray(start), line + 1);
    },
    end: finish,
  };
}

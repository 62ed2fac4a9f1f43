/** One line of input, numbered from 1; `text` is undefined when it was too long to be kept. */
export interface InputLine {
  readonly line: number;
  readonly text: string | undefined;
}

/** The longest line kept, in characters: far beyond any frame, so that a wrong file cannot fill the memory. */
export const LONGEST_LINE = 1_048_576;

/** Cuts a stream into lines as they come (LF or CR LF), whatever the chunks. The last one needs no end. */
export async function* linesOf(
  input: AsyncIterable<Uint8Array>,
  longest = LONGEST_LINE,
): AsyncGenerator<InputLine> {
  const decoder = new TextDecoder();
  let pieces: string[] = [];
  let length = 0;
  let line = 0;
  const keep = (piece: string) => {
    length += piece.length;
    if (length <= longest) pieces.push(piece);
    else pieces = [];
  };
  const end = (): InputLine => {
    const text = length > longest ? undefined : pieces.join('').replace(/\r$/, '');
    pieces = [];
    length = 0;
    line += 1;
    return { line, text };
  };
  for await (const chunk of input) {
    const parts = decoder.decode(chunk, { stream: true }).split('\n');
    for (const [index, part] of parts.entries()) {
      if (index > 0) yield end();
      keep(part);
    }
  }
  keep(decoder.decode());
  if (length > 0) yield end();
}

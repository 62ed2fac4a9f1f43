/** Long enough to be heard or read, ms. */
const PAUSE_MS = 500;
/** About the pace of a voice that speaks calmly. */
const LETTER_MS = 62;

/** The longest that goes to an engine in one breath; a frame holds 2000. */
const LONGEST_SENTENCE = 600;

/** What is said, sentence by sentence: cut where a voice makes a pause anyway. */
export const sentencesOf = (text: string): string[] =>
  text
    .split(/(?<=[.?…。？]) /)
    .flatMap((sentence) => cutWords(sentence, LONGEST_SENTENCE))
    .filter((sentence) => sentence.trim() !== '');

/** Cuts what is said into pieces of at most `limit` letters for a line of captions: at sentences, else between words. */
export function piecesOf(text: string, limit: number): string[] {
  const pieces: string[] = [];
  for (const sentence of text.split(/(?<=[.?…؟]) |(?<=[。？])/)) {
    const last = pieces.at(-1);
    if (last !== undefined && last.length + 1 + sentence.length <= limit) {
      pieces[pieces.length - 1] = `${last} ${sentence}`;
    } else pieces.push(...cutWords(sentence, limit));
  }
  return pieces;
}

function cutWords(sentence: string, limit: number): string[] {
  const lines: string[] = [];
  for (const word of sentence.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= limit)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

/** How long a piece stays, ms. */
export const staysMs = (piece: string): number => PAUSE_MS + LETTER_MS * piece.length;

/** What a running process holds, for the tests of what is left after a logout. */
export { digitsNeedle, type Needle, searchMemory, wordsNeedle } from './search.ts';

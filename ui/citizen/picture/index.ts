/** A picture of the idle screen, for who looks after the terminal. */
export { answerDraw, type DrawPorts } from './picture.ts';

import type { Answer, CardChannel, Command } from './port.ts';
import { SW } from './status.ts';

/**
 * The first SELECT of an act. Another program may have left the card in the middle of a chain, which this command then ends with 6883
 * in place of being done: it is said once more.
 */
export async function selectFirst(channel: CardChannel, select: Command): Promise<Answer> {
  const answer = await channel.send(select);
  return answer.sw === SW.lastOfChainExpected ? channel.send(select) : answer;
}

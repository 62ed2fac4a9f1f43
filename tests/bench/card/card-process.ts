/**
 * Cards of the bench in a process of their own, one on each reader: `--data FOLDER --cards CITIZEN@HOST:PORT,…`. One JSON line on
 * standard output when they are made; ends with a signal.
 */
import { parseArgs } from 'node:util';
import { systemClock } from '@jolly/contracts/values';
import { createCards, LaidCard } from '../../../simulators/card/index.ts';
import { ReaderLink } from '../../../simulators/card/reader-link.ts';
import { RepeatableBytes, repeatableCard } from './repeatable.ts';

const { values } = parseArgs({
  options: { data: { type: 'string', default: '' }, cards: { type: 'string', default: '' } },
});
let anchor = '';
for (const [citizen = '', address = ''] of values.cards.split(',').map((one) => one.split('@'))) {
  const bytes = new RepeatableBytes(citizen);
  const cards = await createCards({ data: values.data, random: bytes.random });
  anchor = cards.authority.anchors.csca;
  const link = new ReaderLink(address, systemClock, () => undefined);
  link.hold(new LaidCard(repeatableCard(await cards.card(citizen), bytes)));
}
process.stdout.write(`${JSON.stringify({ ready: true, anchor })}\n`);

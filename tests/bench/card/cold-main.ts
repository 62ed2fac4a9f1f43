/** One act of `acts.ts` done for the first time in a new process: `--data FOLDER --act NAME`; its `Cost` as JSON on standard output. */
import { parseArgs } from 'node:util';
import { createCards } from '../../../simulators/card/index.ts';
import { ACTS, cardFor } from './acts.ts';
import { costOf } from './own-time.ts';

const { values } = parseArgs({
  options: { data: { type: 'string', default: '' }, act: { type: 'string', default: '' } },
});
const act = ACTS.find(({ name }) => name === values.act);
if (!act) throw new Error(`no act ${values.act}`);
const on = await cardFor(await createCards({ data: values.data }), act);
process.stdout.write(`${JSON.stringify(await costOf(act, on))}\n`);

/**
 * The simulated cards: `--readers HOST:PORT[,HOST:PORT]` (vpcd readers they are laid on), `--data DIR` (keys and roots of the
 * test CA, made at first use), `--control PORT` (0 = chosen by the system). One JSON line (`CardsReady`) on standard
 * output when all is made.
 */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { controlServer, endOnSignal } from '../process/index.ts';
import { authorityRoutes } from './ca/routes.ts';
import { CardAction, CardSimulator, type CardsReady } from './simulator.ts';

const { values } = parseArgs({
  options: {
    readers: { type: 'string', default: '127.0.0.1:35963,127.0.0.1:35964' },
    data: { type: 'string' },
    control: { type: 'string', default: '0' },
  },
});
if (values.data === undefined) throw new Error('--data: where the keys of the test CA are kept');
const { data } = values;

let begin: (simulator: CardSimulator) => void = () => undefined;
// The certificates name the control address, so it listens before there are cards; who calls early waits.
const begun = new Promise<CardSimulator>((resolve) => {
  begin = resolve;
});
const app = controlServer(CardAction, {
  state: async () => ({ name: 'card', device: (await begun).state() }),
  act: async (action) => {
    const simulator = await begun;
    simulator.act(action);
    return simulator.state();
  },
  routes: (routed) => authorityRoutes(routed, begun),
});
const control = await app.listen({ host: '127.0.0.1', port: Number(values.control) });
const simulator = await CardSimulator.start({
  data,
  readers: values.readers.split(',').filter((address) => address !== ''),
  caAddress: () => `${control}/ca`,
});
begin(simulator);
const ready: CardsReady = {
  ready: true,
  name: 'card',
  control,
  pid: process.pid,
  anchors: {
    csca: join(data, 'csca-certificate.pem'),
    citizenCa: join(data, 'citizen-ca-certificate.pem'),
    cnsCa: join(data, 'cns-ca-certificate.pem'),
  },
};
process.stdout.write(`${JSON.stringify(ready)}\n`);
endOnSignal(async () => {
  simulator.close();
  await app.close();
});

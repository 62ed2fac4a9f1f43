import { expect, it } from 'vitest';
import { shownUri } from './index.ts';

it.each([
  ['zvt+tcp://192.168.1.40:20007?password=123456&svc=03', 'zvt+tcp://192.168.1.40:20007?password=***&svc=03'],
  ['zvt+serial:///dev/ttyUSB0?baud=9600&Password=1', 'zvt+serial:///dev/ttyUSB0?baud=9600&Password=***'],
  ['nexo+https://till:s3cret@10.0.0.9/nexo?sale=a', 'nexo+https://***@10.0.0.9/nexo?sale=a'],
  ['nexo+https://s3cret@pos.local?name=a@b', 'nexo+https://***@pos.local?name=a@b'],
  ['nexo+https://a:b@c@pos.local', 'nexo+https://***@pos.local'],
  [
    'sim+tcp://[::1]:9?pin=1234&pass=x&PWD=y&card-pin=5',
    'sim+tcp://[::1]:9?pin=***&pass=***&PWD=***&card-pin=***',
  ],
  ['nexo+https://h/nexo?key-file=/etc/k&passage=1', 'nexo+https://h/nexo?key-file=/etc/k&passage=1'],
  ['wedge:///dev/input/by-id/usb-a@b?spin=1', 'wedge:///dev/input/by-id/usb-a@b?spin=1'],
  ['ecr17+tcp://192.168.1.40:10000?lrc=auto', 'ecr17+tcp://192.168.1.40:10000?lrc=auto'],
])('%s is shown as %s', (text, shown) => {
  expect(shownUri(text)).toBe(shown);
});

import { expect, it } from 'vitest';
import { shownUri } from './index.ts';

it.each([
  ['zvt+tcp://192.168.1.40:20007?password=123456&svc=03', 'zvt+tcp://192.168.1.40:20007?password=***&svc=03'],
  ['zvt+serial:///dev/ttyUSB0?baud=9600&Password=1', 'zvt+serial:///dev/ttyUSB0?baud=9600&Password=***'],
  ['ecr17+tcp://192.168.1.40:10000?lrc=auto', 'ecr17+tcp://192.168.1.40:10000?lrc=auto'],
])('%s is shown as %s', (text, shown) => {
  expect(shownUri(text)).toBe(shown);
});

import { expect, it } from 'vitest';
import { decodeUp } from './decode.ts';

const hello = (software: string) =>
  decodeUp(
    'hello',
    Buffer.from(
      JSON.stringify({
        v: 1,
        id: '01a1fd6b-7380-7203-92eb-a6e3e18a91d1',
        at: 1,
        body: {
          boot: '01a1fd6b-7380-7203-92eb-a6e3e18a91d2',
          software,
          lease: null,
          machine: 'm',
          settings: 0,
        },
      }),
    ),
    1,
  );

it('refuses control characters in free text: a NUL is what no PostgreSQL stores', () => {
  expect(hello('1.0 béta\n')).toMatchObject({ ok: true });
  for (const each of ['\u0000', '\u001b', '\u007f', '\u0085']) {
    expect(hello(`1.0${each}`)).toMatchObject({ ok: false, reason: 'malformed' });
  }
});

import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { describeWithShared } from '../../tests/shared-data/index.ts';
import { parseDeviceUri } from '../registry/index.ts';
import {
  decodeXfsLine,
  isFirstVersion,
  maskXfsFrame,
  readAnnounced,
  readMessage,
  writeMessage,
  xfsAddress,
} from './index.ts';

interface Message {
  readonly header: Readonly<Record<string, unknown>>;
  readonly payload?: Readonly<Record<string, unknown>>;
}
interface Published {
  readonly v1: readonly { readonly valid: boolean; readonly m: Message }[];
  readonly v2plus: readonly { readonly m: Message }[];
}

describeWithShared('the published XFS4IoT messages', ['devices', 'xfs4iot.json'], (file) => {
  const { v1, v2plus } = JSON.parse(readFileSync(file, 'utf8')) as Published;

  it.each(v1)('of 1.0 are read when they are valid: $valid $m.header.name', ({ valid, m }) => {
    const read = readMessage(JSON.stringify(m));
    expect(read.ok).toBe(valid);
    if (!read.ok) return;
    const { header, payload = {} } = m;
    expect(read.message).toMatchObject(header);
    const { timeout, completionCode } = payload;
    if (timeout !== undefined) expect(read.message).toMatchObject({ timeout });
    if (completionCode !== undefined) expect(read.message).toMatchObject({ completionCode });
    // written again it is the same message
    expect(JSON.parse(writeMessage(read.message))).toEqual(m);
  });

  it.each(v2plus)('of 2.0 and later are read and written: $m.header.type $m.header.name', ({ m }) => {
    const read = readMessage(JSON.stringify(m));
    expect(read).toMatchObject({ ok: true, message: m.header });
    if (!read.ok) return;
    if (m.payload) expect(read.message).toMatchObject({ payload: m.payload });
    const again = JSON.parse(writeMessage(read.message)) as Message;
    // no timeout is timeout 0
    const { timeout, ...header } = again.header;
    expect(timeout ?? 0).toBe(m.header.timeout ?? 0);
    expect(header).toEqual(Object.fromEntries(Object.entries(m.header).filter(([key]) => key !== 'timeout')));
    expect(again.payload).toEqual(m.payload);
  });

  it('say by the command line what they say', () => {
    for (const { valid, m } of v1) {
      const [said] = decodeXfsLine(JSON.stringify(m));
      expect(said).toMatchObject(
        valid ? { ...m.header, placement: 'payload' } : { error: { code: 'MESSAGE_INVALID' } },
      );
    }
    for (const { m } of v2plus)
      expect(decodeXfsLine(JSON.stringify(m))).toMatchObject([{ ...m.header, placement: 'header' }]);
  });
});

describe('an envelope', () => {
  const command = (version: string) => ({
    ...{
      type: 'command' as const,
      name: 'BarcodeReader.Read',
      version,
      requestId: 7,
      timeout: 5000,
      payload: { a: 1 },
    },
  });

  it('has its timeout where the version wants it', () => {
    expect(JSON.parse(writeMessage(command('1.0')))).toEqual({
      header: { type: 'command', name: 'BarcodeReader.Read', requestId: 7, version: '1.0' },
      payload: { timeout: 5000, a: 1 },
    });
    expect(JSON.parse(writeMessage(command('3.0')))).toEqual({
      header: { type: 'command', name: 'BarcodeReader.Read', requestId: 7, version: '3.0', timeout: 5000 },
      payload: { a: 1 },
    });
  });

  it('comes back as it was, in either form', () => {
    for (const version of ['1.0', '2.0', '3.0']) {
      expect(readMessage(writeMessage(command(version)))).toEqual({ ok: true, message: command(version) });
      for (const status of ['ok', 'tooManyRequests'] as const) {
        const message = { type: 'acknowledge' as const, name: 'A.B', version, requestId: 1, status };
        expect(readMessage(writeMessage(message))).toEqual({ ok: true, message });
      }
      const completion = {
        ...{
          type: 'completion' as const,
          name: 'A.B',
          version,
          requestId: 1,
          completionCode: 'commandErrorCode',
        },
        ...{ errorDescription: 'carta finita', payload: { errorCode: 'paperOut' } },
      };
      expect(readMessage(writeMessage(completion))).toEqual({ ok: true, message: completion });
    }
  });

  it.each([
    ['not JSON', '{'],
    ['no header', '{"payload":{}}'],
    ['header.name', '{"header":{"type":"event","name":"A","requestId":1,"version":"2.0"}}'],
    ['header.version', '{"header":{"type":"event","name":"A.B","requestId":1,"version":"two"}}'],
    ['header.requestId', '{"header":{"type":"command","name":"A.B","requestId":0,"version":"2.0"}}'],
    ['header.type', '{"header":{"type":"wish","name":"A.B","requestId":1,"version":"2.0"}}'],
    [
      'status',
      '{"header":{"type":"acknowledge","name":"A.B","requestId":1,"version":"2.0","status":"perhaps"}}',
    ],
    ['timeout', '{"header":{"type":"command","name":"A.B","requestId":1,"version":"2.0","timeout":-1}}'],
    ['completionCode', '{"header":{"type":"completion","name":"A.B","requestId":1,"version":"2.0"}}'],
    [
      'payload is no object',
      '{"header":{"type":"event","name":"A.B","requestId":1,"version":"2.0"},"payload":[]}',
    ],
  ])('is refused for %s', (fault, text) => {
    expect(readMessage(text)).toEqual({ ok: false, fault });
  });

  it('may be any text or any JSON', () => {
    fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), (text) => void readMessage(text)));
    const values = { type: fc.string(), name: fc.string(), requestId: fc.anything(), version: fc.string() };
    fc.assert(
      fc.property(fc.record({ header: fc.record(values), payload: fc.anything() }), (message) => {
        const text = JSON.stringify(message, (_, value: unknown) => (typeof value === 'bigint' ? 0 : value));
        void readMessage(text);
      }),
    );
  });
});

describe('what a service announced', () => {
  it('gives each command the latest version that both speak', () => {
    const announced = readAnnounced({
      interfaces: [
        {
          name: 'Printer',
          commands: {
            'Printer.PrintNative': { versions: ['1.0', '2.1', '9.0'] },
            PrintRaw: { versions: ['1.0'] },
          },
        },
        { name: 'Odd', commands: { 'Odd.One': { versions: ['9.9', 'x'] } } },
        'nonsense',
      ],
    });
    expect(announced.interfaces).toEqual(['Printer', 'Odd']);
    expect([...announced.commands]).toEqual([
      ['Printer.PrintNative', '2.1'],
      ['Printer.PrintRaw', '1.0'],
    ]);
    expect(isFirstVersion('1.1')).toBe(true);
  });
});

describe('an address', () => {
  const read = (uri: string) => xfsAddress(parseDeviceUri(uri));

  it('names a service, or the publishers to ask', () => {
    expect(read('xfs4iot+ws://127.0.0.1:5846/xfs4iot/v1.0/Printer1')).toMatchObject({
      service: 'ws://127.0.0.1:5846/xfs4iot/v1.0/Printer1',
    });
    expect(read('xfs4iot+wss://kiosk.example:5847/xfs4iot/v1.0/').publishers).toEqual([
      'wss://kiosk.example:5847/xfs4iot/v1.0/',
    ]);
    const { publishers } = read('xfs4iot+wss://kiosk.example/xfs4iot/v1.0/');
    expect(publishers).toHaveLength(12);
    expect(publishers[0]).toBe('wss://kiosk.example:443/xfs4iot/v1.0/');
    expect(publishers.at(-1)).toBe('wss://kiosk.example:5856/xfs4iot/v1.0/');
  });

  it.each([
    'xfs4iot+ws://192.168.1.9:5846/xfs4iot/v1.0/Printer1',
    'xfs4iot+wss://user:secret@host/xfs4iot/v1.0/Printer1',
    'xfs4iot+wss://host/other/Printer1',
    'xfs4iot+https://host/xfs4iot/v1.0/Printer1',
    'xfs4iot+wss://host/xfs4iot/v1.0/Printer1?insecure=perhaps',
  ])('%s is refused', (uri) => {
    expect(() => read(uri)).toThrow(expect.objectContaining({ code: 'XFS_URI_INVALID' }));
  });

  it('goes in clear text beyond this computer only when asked to', () => {
    expect(read('xfs4iot+ws://192.168.1.9:5846/xfs4iot/v1.0/P?insecure=yes').insecure).toBe(true);
  });
});

describe('a recorded frame', () => {
  it('keeps neither prints nor chip data nor codes', () => {
    const frame = {
      header: { type: 'command', name: 'CardReader.ChipIO', requestId: 1, version: '2.0' },
      payload: { chipProtocol: 'chipT1', chipData: 'AKQEAA==', chip: [{ status: 'ok', data: 'O2gAUA==' }] },
    };
    const masked = new TextDecoder().decode(
      maskXfsFrame('out', new TextEncoder().encode(JSON.stringify(frame))),
    );
    expect(JSON.parse(masked)).toEqual({
      header: frame.header,
      payload: { chipProtocol: 'chipT1', chipData: '…8', chip: [{ status: 'ok', data: '…8' }] },
    });
    expect(new TextDecoder().decode(maskXfsFrame('in', new TextEncoder().encode('RSSMRA')))).toBe('…6');
  });
});

import { describe, expect, it } from 'vitest';
import { changeLines, settingName } from './change-words.ts';
import { countSaid, inheritedBy, movedInList, originOf, valueAt, withValue } from './document.ts';

describe('a layer of settings while it is edited', () => {
  it('says a value, and takes it back with the group that says nothing more', () => {
    const said = withValue({ volume: 0.4 }, 'idle.warnAfterSeconds', 60);
    expect(said).toEqual({ volume: 0.4, idle: { warnAfterSeconds: 60 } });
    expect(valueAt(said, 'idle.warnAfterSeconds')).toBe(60);
    expect(withValue(said, 'idle.warnAfterSeconds', undefined)).toEqual({ volume: 0.4 });
  });

  it('knows a closed day from a day that is not said', () => {
    const closed = withValue({}, 'openingHours.sun', null);
    expect(valueAt(closed, 'openingHours.sun')).toBeNull();
    expect(valueAt(closed, 'openingHours.mon')).toBeUndefined();
  });

  it('shows what the wider layers say, and which of them', () => {
    const inherited = inheritedBy('site', {
      centre: { volume: 0.7, helpPhone: '800' },
      municipality: { volume: 0.4 },
      site: { volume: 0.1 },
    });
    expect(inherited.values).toEqual({ volume: 0.4, helpPhone: '800' });
    expect(originOf('volume', {}, 'site', inherited)).toEqual({ from: 'municipality', own: false });
    expect(originOf('helpPhone', {}, 'site', inherited)).toEqual({ from: 'centre', own: false });
    expect(originOf('volume', { volume: 0.2 }, 'site', inherited)).toEqual({ from: 'site', own: true });
    expect(originOf('telemetrySeconds', {}, 'site', inherited)).toEqual({ from: 'file', own: false });
  });

  it('counts single values', () => {
    expect(countSaid({ volume: 0.4, services: { login: true, payments: false }, attract: {} })).toBe(4);
  });

  it('moves a language one place, and not beyond the ends', () => {
    expect(movedInList(['it', 'en', 'zh'], 1, -1)).toEqual(['en', 'it', 'zh']);
    expect(movedInList(['it', 'en'], 1, 1)).toEqual(['it', 'en']);
  });
});

describe('the lines of a diff', () => {
  it('say in words what was and what is', () => {
    expect(
      changeLines([
        { path: 'openingHours.sat', before: ['08:30', '13:00'], after: null },
        { path: 'volume', after: 0.4 },
        { path: 'devices.pos', before: 'zvt+tcp:1', after: '' },
        { path: 'services.login', before: true },
      ]),
    ).toEqual([
      {
        path: 'openingHours.sat',
        name: 'Orario: sabato',
        before: '08:30–13:00',
        after: 'chiuso',
        kind: 'changed',
      },
      { path: 'volume', name: 'Volume', before: 'come il file', after: '40\u00a0%', kind: 'added' },
      {
        path: 'devices.pos',
        name: 'Dispositivo: POS',
        before: 'zvt+tcp:1',
        after: 'nessuno',
        kind: 'changed',
      },
      {
        path: 'services.login',
        name: 'Accesso con la carta',
        before: 'Sì',
        after: 'come il file',
        kind: 'removed',
      },
    ]);
  });

  it('name title and text of the notice with their language', () => {
    expect(settingName('attract.title.de')).toBe('Notizia: titolo (tedesco)');
  });

  it('show a setting of a newer server by its path', () => {
    expect(settingName('lantern.colour')).toBe('lantern.colour');
  });
});

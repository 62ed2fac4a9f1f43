import { describe, expect, it } from 'vitest';
import { sampleSnapshot, samples } from '../fixtures/samples.ts';
import { intentOfKey, KEY_OF_PAD, secretOfKey } from './keys.ts';

describe('keys', () => {
  it('Escape goes back, and answers what is open first', () => {
    expect(intentOfKey('Escape', sampleSnapshot('pay-check'), true)).toEqual({ type: 'back' });
    expect(intentOfKey('Escape', sampleSnapshot('idle'), true)).toEqual({ type: 'still-here' });
    expect(intentOfKey('Escape', sampleSnapshot('languages'), true)).toEqual({ type: 'close-languages' });
    expect(intentOfKey('Escape', samples.home, false)).toBeUndefined();
    expect(intentOfKey('Escape', sampleSnapshot('pay-card-authorising'), false)).toBeUndefined();
  });

  it('digits write only where there is a pad', () => {
    expect(intentOfKey('7', sampleSnapshot('pay-type'), true)).toEqual({ type: 'digit', digit: '7' });
    expect(intentOfKey('Backspace', sampleSnapshot('pay-type'), true)).toEqual({ type: 'erase' });
    expect(intentOfKey('7', sampleSnapshot('pay-check'), true)).toBeUndefined();
  });

  it('Enter searches only when the number is right and no button has the focus', () => {
    expect(intentOfKey('Enter', sampleSnapshot('pay-type-ok'), false)).toEqual({ type: 'submit-notice' });
    expect(intentOfKey('Enter', sampleSnapshot('pay-type-ok'), true)).toBeUndefined();
    expect(intentOfKey('Enter', sampleSnapshot('pay-type-wrong'), false)).toBeUndefined();
  });
});

describe('keys of a question', () => {
  const plate = sampleSnapshot('service-field-plate');

  it('are the keyboard’s on the screen, all but the way back', () => {
    for (const name of ['a', '7', 'Backspace', 'Delete', 'Enter'])
      expect(intentOfKey(name, plate, false)).toBeUndefined();
    expect(intentOfKey('Escape', plate, false)).toEqual({ type: 'back' });
  });
});

describe('keys of a secret', () => {
  const asked = sampleSnapshot('login-secret');
  const key = (name: string, repeat = false) => ({ key: name, repeat });

  it('go to the field that asks, and never become an intent', () => {
    expect(secretOfKey(key('7'), asked, false)).toEqual({ type: 'secret', field: 'cie-pin', key: '7' });
    expect(secretOfKey(key('Backspace'), asked, true)?.key).toBe('erase');
    expect(secretOfKey(key('Delete'), asked, true)?.key).toBe('clear');
    for (const name of '0123456789') expect(intentOfKey(name, asked, false)).toBeUndefined();
  });

  it('write once however long they are held', () => {
    expect(secretOfKey(key('7', true), asked, false)).toBeUndefined();
  });

  it('mean nothing elsewhere, nor under what covers the page', () => {
    expect(secretOfKey(key('7'), sampleSnapshot('pay-type'), false)).toBeUndefined();
    expect(secretOfKey(key('7'), { ...asked, languageSheet: true }, false)).toBeUndefined();
    expect(secretOfKey(key('7'), { ...asked, aidsSheet: true }, false)).toBeUndefined();
    expect(secretOfKey(key('7'), { ...asked, idle: sampleSnapshot('idle').idle }, false)).toBeUndefined();
  });

  it('Enter submits only what is complete, and stays the button’s on a button', () => {
    const full = sampleSnapshot('login-secret-full');
    expect(secretOfKey(key('Enter'), full, false)?.key).toBe('enter');
    expect(secretOfKey(key('Enter'), full, true)).toBeUndefined();
    expect(secretOfKey(key('Enter'), asked, false)).toBeUndefined();
  });
});

describe('the tactile keypad', () => {
  it('means what the keyboard means', () => {
    const meaning = (key: keyof typeof KEY_OF_PAD) =>
      intentOfKey(KEY_OF_PAD[key], sampleSnapshot('pay-type'), true);
    expect(meaning('back')).toEqual({ type: 'back' });
    expect(meaning('help')).toEqual({ type: 'help' });
    expect(meaning('volume-up')).toEqual({ type: 'volume', step: 'up' });
    expect(meaning('7')).toEqual({ type: 'digit', digit: '7' });
    expect(meaning('clear')).toEqual({ type: 'clear-field' });
    for (const key of ['up', 'down', 'left', 'right', 'ok', 'repeat'] as const)
      expect(meaning(key)).toBeUndefined();
  });

  it('writes nothing where letters are written but its digits', () => {
    for (const [key, name] of Object.entries(KEY_OF_PAD))
      expect([...name].length === 1, key).toBe(/^\d$/.test(key));
  });

  it('writes nothing under what covers the page', () => {
    const covered = { ...sampleSnapshot('pay-type'), covered: true };
    expect(intentOfKey('7', covered, false)).toBeUndefined();
    const asked = { ...sampleSnapshot('login-secret'), covered: true };
    expect(secretOfKey({ key: '7', repeat: false }, asked, false)).toBeUndefined();
  });
});

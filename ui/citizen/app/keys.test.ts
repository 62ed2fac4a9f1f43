import { describe, expect, it } from 'vitest';
import { sampleSnapshot, samples } from '../fixtures/samples.ts';
import { intentOfKey } from './keys.ts';

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

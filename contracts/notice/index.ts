export { type DataMatrixSupport, decodeDataMatrixForSupport } from './datamatrix-support.ts';
export { type AuxDigit, creditorDigitsOk, noticeDigitsOk } from './digits.ts';
export { makeCreditor, makeNotice, noticeDataMatrix, noticeQr } from './make.ts';
export * from './notice.ts';
export { type OtherCode, otherCodeOf } from './other-codes.ts';
export { noticeKindOf, readNotice } from './read.ts';
export * from './reading.ts';
export { rejectionMessageKey, rejectionWords } from './words.ts';

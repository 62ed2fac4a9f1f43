export * from './data.ts';
export * from './document.ts';
export { cardNumber, dateTime, euro, grouped } from './format.ts';
export { DEFAULT_COLUMNS, type LaidLine, layOut } from './layout.ts';
export * from './rows.ts';
export * from './svg.ts';
export { barcodeRaster, type QrLevel, qrRaster } from './symbol.ts';
export * from './template.ts';
export { renderText, textOf } from './text.ts';

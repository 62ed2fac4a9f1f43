export { CardScene, type CardSceneWords } from './card-scene.tsx';
export { CodePlace } from './code-place.tsx';
export { Crest } from './crest.tsx';
export { NoticeDrawing, type NoticeWords } from './notice-drawing.tsx';
export { ReaderDrawing } from './reader-drawing.tsx';
export { ReceiptDrawing, type ReceiptWords } from './receipt-drawing.tsx';
export { SampleQr } from './sample-qr.tsx';
export { Skyline } from './skyline.tsx';

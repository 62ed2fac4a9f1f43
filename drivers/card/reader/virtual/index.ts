export { VirtualReaderStack } from './stack.ts';

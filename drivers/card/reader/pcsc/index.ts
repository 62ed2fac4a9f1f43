export { type LaunchedWorker, type LaunchWorker, launchWorker } from './process.ts';
export { PcscReaderStack } from './stack.ts';

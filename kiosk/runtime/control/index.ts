/** How a technician's tool finds and proves itself to the running terminal. */
export * from './control.ts';

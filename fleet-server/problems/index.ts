export { catalogue, fail, type ProblemCode, statusOf } from './catalogue.ts';
export { FaultsFound, isProblemCode, problemOf } from './problem.ts';

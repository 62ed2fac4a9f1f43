export { callerOf, networkOf, upgradeCallers } from './callers.ts';
export {
  atMost,
  createHttp,
  FEW_SIGN_INS,
  FEW_TRIES,
  type Http,
  type HttpOptions,
  MOST_CALLS,
  USUAL_BODY_BYTES,
} from './http.ts';
export { isLoopbackCall, isLoopbackHost } from './loopback.ts';
export { describeApi, serveApiPage } from './openapi.ts';
export { sendProblem } from './refusals.ts';

export { sessionDaemon, type SessionDaemonOptions } from './daemon.ts';
export { DaemonClient, type ClientOptions, type Streamed } from './client.ts';
export { ApiError } from './api-error.ts';
export {
  order,
  runOptions,
  type Order,
  type PersonAnswer,
  type Report,
  type RunOptions,
} from './protocol.ts';
export { forgetRun, writeRun } from './run-file.ts';
export type { SessionView } from './session-view.ts';

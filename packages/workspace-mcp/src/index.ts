export { config } from './config.ts';
export { errorCodes } from './errors.ts';
export { createServer } from './library.ts';
export type { WorkspaceServerOptions } from './library.ts';
export { workspace } from './server.ts';

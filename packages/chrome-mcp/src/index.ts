export { chrome } from './server.ts';
export { config } from './config.ts';
export { errorCodes } from './errors.ts';
export { createServer } from './library.ts';
export type { ChromeServerOptions } from './library.ts';

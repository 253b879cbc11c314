export { computerUse } from './server.ts';
export { config } from './config.ts';
export { errorCodes } from './errors.ts';
export { createServer } from './library.ts';
export type { ComputerUseServerOptions } from './library.ts';

export { config } from './config.ts';
export { errorCodes } from './errors.ts';
export { workspace } from './server.ts';

export { chrome } from './server.ts';
export { config } from './config.ts';
export { errorCodes } from './errors.ts';

import { runtimeErrorCodes, type Reference } from '@deskhand/server-runtime';
import { config } from './config.ts';
import { errorCodes } from './errors.ts';

/** What the generated references are made from. */
export const reference: Reference = {
  tools: [],
  config,
  errorCodes: { ...runtimeErrorCodes, ...errorCodes },
};

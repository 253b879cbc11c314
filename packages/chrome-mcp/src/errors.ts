import type { ErrorCodes } from '@deskhand/server-runtime';

/** Codes of this server's own errors. */
export const errorCodes: ErrorCodes = {
  browser_unavailable: 'No browser could be started or joined; the answer says why and what mends it.',
};

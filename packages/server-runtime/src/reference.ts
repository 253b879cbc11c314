import { z } from 'zod';
import { defineConfig, standardOptions } from './config/define-config.ts';
import { runtimeErrorCodes } from './error-codes.ts';
import type { Reference } from './reference/markdown.ts';

/** What every server has: read by the documentation script. */
export const reference: Reference = {
  tools: [],
  config: defineConfig(z.object(standardOptions), { name: 'server', version: '', description: '' }),
  errorCodes: runtimeErrorCodes,
};

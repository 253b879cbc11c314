import { defineConfig, standardOptions } from '@deskhand/server-runtime';
import { z } from 'zod';
import { groupNames } from './groups/index.ts';
import { version } from './version.ts';

/** The options of the server; `--help`, the README and the JSON Schema are made from this. */
export const config = defineConfig(
  z.object({
    ...standardOptions,
    headless: z.boolean().default(false).meta({ description: 'Show no window' }),
    executable: z
      .string()
      .optional()
      .meta({ description: 'Browser to start instead of the one that is found', placeholder: 'PATH' }),
    chromeArg: z
      .array(z.string())
      .default([])
      .meta({ description: 'Further argument for the browser, as it is', placeholder: 'FLAG' }),
    isolated: z
      .boolean()
      .default(false)
      .meta({ description: 'Use a profile of its own that is deleted at the end' }),
    browserUrl: z.string().optional().meta({
      description: 'Join a running browser instead, such as http://127.0.0.1:9222 or its ws:// address',
      placeholder: 'URL',
    }),
    allowOrigin: z.array(z.string()).default([]).meta({
      description:
        'Origin that may be reached, and with it no other: https://*.example.com, http://localhost:*, or public for the whole internet',
      placeholder: 'PATTERN',
    }),
    blockOrigin: z
      .array(z.string())
      .default([])
      .meta({ description: 'Origin that is never reached', placeholder: 'PATTERN' }),
    timeout: z.number().positive().default(15).meta({
      description: 'How long a call may take before it is ended and explained',
      placeholder: 'SECONDS',
    }),
    enable: z.array(z.enum(groupNames)).default([]).meta({
      description: 'Groups of tools to offer from the start, for clients that list tools only once',
      placeholder: 'GROUP',
    }),
    evaluate: z
      .boolean()
      .default(true)
      .meta({ description: 'Offer a tool that runs scripts in pages; --no-evaluate leaves it out' }),
  }),
  {
    name: 'chrome-mcp',
    version,
    description:
      'An MCP server for the browser. It sees what is painted, proves that what it did arrived, and never hangs.',
  },
);

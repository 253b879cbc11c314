import { defineConfig, standardOptions } from '@deskhand/server-runtime';
import { z } from 'zod';
import { version } from './version.ts';

/** The options of the server; `--help`, the README and the JSON Schema are made from this. */
export const config = defineConfig(
  z.object({
    ...standardOptions,
    mount: z.array(z.string()).default([]).meta({
      description:
        'Folder that the agent may use: inbox=/home/ada/inbox, or with :ro at the end to read it only',
      placeholder: 'NAME=PATH[:ro]',
    }),
    approve: z.enum(['always', 'risky', 'never-in-sandbox']).default('risky').meta({
      description:
        'Commands of the shell that a person is asked about: all, those that may destroy something or reach out, or none as long as they stay in the sandbox',
      placeholder: 'WHICH',
    }),
    timeout: z.number().positive().default(30).meta({
      description: 'How long a call may take before it is ended and explained',
      placeholder: 'SECONDS',
    }),
  }),
  {
    name: 'workspace-mcp',
    version,
    description:
      'An MCP server for files in folders that a person mounted. Everything happens inside a sandbox without a network.',
  },
);

import { defineConfig, standardOptions } from '@deskhand/server-runtime';
import { z } from 'zod';
import { BACKENDS } from './desktop/choose.ts';
import { version } from './version.ts';

/** The options of the server; `--help`, the README and the JSON Schema are made from this. */
export const config = defineConfig(
  z.object({
    ...standardOptions,
    display: z
      .string()
      .optional()
      .meta({ description: 'X display to use instead of DISPLAY', placeholder: 'NAME' }),
    abortKey: z.string().default('Escape').meta({
      description:
        'Key of the own keyboard with which a person stops the agent, such as Escape or F12, or none',
      placeholder: 'KEY',
    }),
    dryRun: z.boolean().default(false).meta({ description: 'Decide and record as always, and do nothing' }),
    backend: z.enum(BACKENDS).optional().meta({
      description: 'How the desktop is reached; CU_BACKEND too. The surroundings decide unless told',
    }),
  }),
  {
    name: 'computer-use-mcp',
    version,
    description:
      'An MCP server for the desktop. Each action is checked against the application that will receive it, at the moment it happens.',
  },
);

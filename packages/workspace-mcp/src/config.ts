import { DEFAULT_LIMITS } from '@deskhand/sandbox';
import { defineConfig, standardOptions } from '@deskhand/server-runtime';
import { z } from 'zod';
import { version } from './version.ts';

const MIB = 1024 ** 2;

/** The options of the server; `--help`, the README and the JSON Schema are made from this. */
export const config = defineConfig(
  z.object({
    ...standardOptions,
    mount: z.array(z.string()).default([]).meta({
      description:
        'Folder that the agent may use: inbox=/home/ada/inbox, or with :ro at the end to read it only',
      placeholder: 'NAME=PATH[:ro]',
    }),
    sandbox: z.enum(['required', 'files-only']).default('required').meta({
      description:
        'Where everything happens: in a sandbox, without which nothing is done; or without one, where there are no commands, pictures and PDFs, and files are found by walks that no link leads out of',
    }),
    approve: z.enum(['always', 'risky', 'never-in-sandbox']).default('risky').meta({
      description:
        'Commands of the shell that a person is asked about: all, those that may destroy something or reach out, or none as long as they stay in the sandbox',
      placeholder: 'WHICH',
    }),
    network: z.enum(['none', 'local', 'allowlist']).default('local').meta({
      description:
        'What commands reach: nothing but themselves; with local the ports of --allow-port; with allowlist the domains of --allow-domain too',
    }),
    allowPort: z.array(z.string()).default([]).meta({
      description: 'Port of this machine that commands may use, at the same number of their localhost',
      placeholder: 'PORT',
    }),
    sharePort: z.array(z.string()).default([]).meta({
      description: 'Port of a server that commands start, for this machine: localhost at the same number',
      placeholder: 'PORT',
    }),
    allowDomain: z.array(z.string()).default([]).meta({
      description: 'Domain that commands may reach, such as example.com, *.example.com or example.com:8443',
      placeholder: 'DOMAIN',
    }),
    allowLan: z.boolean().default(false).meta({
      description: 'Let commands reach other computers of the private network, through a proxy',
    }),
    memory: z
      .number()
      .int()
      .min(64)
      .default(DEFAULT_LIMITS.memoryBytes / MIB)
      .meta({
        description: 'Memory of all commands of a session together',
        placeholder: 'MIB',
      }),
    processes: z.number().int().min(16).default(DEFAULT_LIMITS.processes).meta({
      description: 'Processes and threads of a session at a time',
      placeholder: 'COUNT',
    }),
    scratch: z
      .number()
      .int()
      .min(1)
      .default(DEFAULT_LIMITS.scratchBytes / MIB)
      .meta({
        description:
          'Space of the home folder, again of /tmp, and again of what commands print; all are lost at the end',
        placeholder: 'MIB',
      }),
    fileSize: z
      .number()
      .int()
      .min(16)
      .default(DEFAULT_LIMITS.fileBytes / MIB)
      .meta({ description: 'Size of a file that a command writes', placeholder: 'MIB' }),
    cpu: z.number().int().min(1).optional().meta({
      description: 'Processor time of each program of a command; without it, it is not limited',
      placeholder: 'SECONDS',
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
      'An MCP server for files and a shell, in folders that a person mounted. Everything happens inside a sandbox, which reaches what it was given and no other network.',
  },
);

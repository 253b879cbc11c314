import { defineConfig, standardOptions } from '@deskhand/server-runtime';
import { z } from 'zod';
import { channels } from './browser/channels.ts';
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
    channel: z.enum(channels).optional().meta({ description: 'Build of the browser to start or join' }),
    chromeArg: z
      .array(z.string())
      .default([])
      .meta({ description: 'Further argument for the browser, as it is', placeholder: 'FLAG' }),
    extension: z.array(z.string()).default([]).meta({
      description: 'Folder of an unpacked extension to load, with --isolated; see the group extensions',
      placeholder: 'FOLDER',
    }),
    isolated: z
      .boolean()
      .default(false)
      .meta({ description: 'Use a profile of its own that is deleted at the end' }),
    userDataDir: z.string().optional().meta({
      description: 'Folder of the profile to keep, instead of one in the state folder',
      placeholder: 'FOLDER',
    }),
    browserUrl: z.string().optional().meta({
      description: 'Join a running browser instead, such as http://127.0.0.1:9222 or its ws:// address',
      placeholder: 'URL',
    }),
    autoConnect: z.boolean().default(false).meta({
      description:
        "Join the person's own Chrome, 144 or later, which asks the person; first to be allowed in chrome://inspect/#remote-debugging",
    }),
    allowOrigin: z.array(z.string()).default([]).meta({
      description:
        'Origin that may be reached, and with it no other: `https://*.example.com`, `http://localhost:*`, or `public` for the whole internet',
      placeholder: 'PATTERN',
    }),
    blockOrigin: z
      .array(z.string())
      .default([])
      .meta({ description: 'Origin that is never reached', placeholder: 'PATTERN' }),
    allowCertificate: z
      .array(z.string().regex(/^[A-Za-z0-9+/]{43}=$/, 'must be the base64 of a SHA-256'))
      .default([])
      .meta({
        description:
          'Public key of a certificate to accept although it is not valid, as base64 of its SHA-256',
        placeholder: 'HASH',
      }),
    secrets: z.string().optional().meta({
      description: 'File with what the agent types by name and does not see: {{secret:NAME}}',
      placeholder: 'FILE',
    }),
    timeout: z.number().positive().default(15).meta({
      description: 'How long a call may take before it is ended and explained',
      placeholder: 'SECONDS',
    }),
    root: z.array(z.string()).default([]).meta({
      description:
        'Folder that files are read from and written to, such as uploads; those that the client names if there is none',
      placeholder: 'PATH',
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

#!/usr/bin/env node
import { openGrantStore } from '@deskhand/grants';
import { defineConfig, defineTool, runBin, standardOptions } from '@deskhand/server-runtime';
import { z } from 'zod';
import { ECHO, echoed } from './echo.ts';

const echo = defineTool({
  ...ECHO,
  annotations: { readOnly: true, destructive: false, idempotent: true, openWorld: false },
  run: (input) => Promise.resolve({ text: echoed(input) }),
});

const config = defineConfig(z.object({ ...standardOptions }), {
  name: 'echo-mcp',
  version: '0.0.0',
  description: 'One tool, to measure what is around it.',
});

/** A server as ours are: each call passes the grants of the person and leaves two rows in the ledger. */
process.exitCode = await runBin(
  {
    config,
    async open(_options, { home }) {
      const grants = await openGrantStore({ home });
      return {
        session: ({ id }) => ({
          tools: [echo],
          permission: ({ tool }) => {
            const denied = grants.list({ subject: id }).some(({ decision }) => decision === 'deny');
            return denied
              ? { allowed: false, code: 'denied', message: `The person denied ${tool.name}` }
              : { allowed: true };
          },
        }),
        close: () => grants.close(),
      };
    },
  },
  process,
);

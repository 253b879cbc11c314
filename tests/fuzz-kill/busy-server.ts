#!/usr/bin/env node
import { ANY_SUBJECT, openGrantStore } from '@deskhand/grants';
import { defineConfig, defineTool, runBin, standardOptions } from '@deskhand/server-runtime';
import { z } from 'zod';

const config = defineConfig(z.object({ ...standardOptions }), {
  name: 'busy-mcp',
  version: '0.0.0',
  description: 'Writes grants as fast as it is told to.',
});

/** Each call writes a grant for good, and answers when it is written. */
process.exitCode = await runBin(
  {
    config,
    async open(_options, { home }) {
      const grants = await openGrantStore({ home });
      const allow = defineTool({
        name: 'allow',
        title: 'Allow',
        description: 'Allows one application for good.',
        input: z.object({ app: z.string() }),
        annotations: { readOnly: false, destructive: false, idempotent: true, openWorld: false },
        async run({ app }) {
          await grants.add({
            subject: ANY_SUBJECT,
            resource: { kind: 'app', app },
            decision: 'allow',
            scope: 'always',
            origin: 'person',
          });
          return { text: 'written' };
        },
      });
      return {
        session: () => ({ tools: [allow], permission: () => ({ allowed: true }) }),
        close: () => grants.close(),
      };
    },
  },
  process,
);

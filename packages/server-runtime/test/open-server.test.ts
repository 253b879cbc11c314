import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import {
  ConfigError,
  defineConfig,
  openServer,
  standardOptions,
  type ServerDefinition,
} from '../src/index.ts';
import { connected, simpleTool } from './fixtures.ts';

const schema = z.object({ ...standardOptions, greeting: z.string().min(2).default('hello') });

/** Greets; says in `log` what it was opened with and when it closed. */
function greeter(log: string[]): ServerDefinition<typeof schema> {
  return {
    config: defineConfig(schema, { name: 'greeter', version: '1.0.0', description: '' }),
    open: ({ greeting }, { home }) => {
      log.push(`open ${greeting} ${home}`);
      return Promise.resolve({
        session: () => ({
          tools: [simpleTool('greet', () => ({ text: greeting }))],
          permission: () => ({ allowed: true }),
        }),
        close: () => void log.push('close'),
      });
    },
  };
}

function stateFolder(): string {
  const home = mkdtempSync(join(tmpdir(), 'deskhand-open-server-'));
  onTestFinished(() => rmSync(home, { recursive: true, force: true }));
  return home;
}

test('a server opens within the process, records its calls and closes what it opened', async () => {
  const home = stateFolder();
  const log: string[] = [];
  const server = await openServer(greeter(log), { home, env: {}, greeting: 'good day' });
  const client = await connected(server, { era: '2026' });
  const { content } = await client.callTool({ name: 'greet' });
  expect(content).toEqual([{ type: 'text', text: 'good day' }]);
  await client.close();
  await server.close();
  expect(log).toEqual([`open good day ${home}`, 'close']);
  expect(readdirSync(join(home, 'ledger')).length).toBeGreaterThan(0);
});

test.each([
  ['a value that is wrong', { greeting: 'x' }, /^options, greeting: .*; got "x"$/],
  [
    'a name that is no option',
    { greting: 'hi' },
    /^options: unknown option `greting`\. Did you mean `greeting`\?/,
  ],
])('%s is refused before anything is opened', async (_, options, message) => {
  const log: string[] = [];
  const home = stateFolder();
  const opening = openServer(greeter(log), { home, env: {}, ...options });
  await expect(opening).rejects.toThrow(ConfigError);
  await expect(opening).rejects.toThrow(message);
  expect(log).toEqual([]);
});

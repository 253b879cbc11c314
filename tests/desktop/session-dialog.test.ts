import { startFakeMessages } from '@deskhand/fake-messages';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { HOST_BIN } from '../demo/job/host-run.ts';
import { startDesktop, type Desktop } from '../lab/desktop.ts';
import { eventually } from '../lab/eventually.ts';
import { run } from '../lab/owned-process.ts';
import { dialogOn, hasDialog } from './dialog.ts';

let desktop: Desktop;

beforeAll(async () => {
  desktop = await startDesktop({ wm: 'openbox' });
});
afterAll(() => desktop.close());

test.each([
  { how: 'allows this once', keys: ['Tab', 'Return'], told: ' done ', isLeft: false },
  { how: 'closes it', keys: ['Escape'], told: 'asks for workspace', isLeft: true },
])('a session of the daemon asks by a dialog; the person $how', async ({ keys, told, isLeft }) => {
  const home = join(desktop.folder, String(isLeft));
  const folder = join(home, 'work');
  mkdirSync(join(folder, 'build'), { recursive: true });
  const removal = { name: 'workspace__Bash', input: { command: 'rm -rf build' } };
  const api = await startFakeMessages({
    steps: ({ messages }) => ({
      reply: messages.some(({ role }) => role === 'assistant') ? { text: 'Done.' } : { toolCalls: [removal] },
    }),
  });
  const env = {
    ...desktop.env,
    DESKHAND_HOME: join(home, 'state'),
    ...{ ANTHROPIC_API_KEY: 'none', ANTHROPIC_BASE_URL: api.url },
  };
  const deskhand = (...args: readonly string[]): Promise<string> =>
    run({ command: process.execPath, args: [HOST_BIN, ...args], env, cwd: home });
  try {
    const session = ['--servers', 'workspace', '--mount', `work=${folder}`];
    await deskhand('run', '--detach', 'Tidy', ...session);
    const dialog = await dialogOn(desktop);
    expect(existsSync(join(folder, 'build'))).toBe(true);
    await eventually('the end of the dialog', async () => {
      await dialog.press(...keys);
      return !(await hasDialog(desktop));
    });
    await eventually('what came of it', async () => (await deskhand('sessions')).includes(told));
    expect([existsSync(join(folder, 'build')), await hasDialog(desktop)]).toEqual([isLeft, false]);
  } finally {
    await deskhand('daemon', 'stop');
    await api.close();
  }
});

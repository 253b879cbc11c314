import { startFakeMessages } from '@deskhand/fake-messages';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { HOST_BIN } from '../demo/job/host-run.ts';
import { startDesktop, type Desktop } from '../lab/desktop.ts';
import { eventually } from '../lab/eventually.ts';
import { run } from '../lab/owned-process.ts';
import { dialogOn, hasDialog, type Dialog } from './dialog.ts';

let desktop: Desktop;

beforeAll(async () => {
  desktop = await startDesktop({ wm: 'openbox' });
});
afterAll(() => desktop.close());

interface House {
  /** What it would delete. */
  readonly target: string;
  readonly deskhand: (...args: readonly string[]) => Promise<string>;
  readonly close: () => Promise<void>;
}

/** A daemon whose one session wants to run a command. */
async function asking(name: string, command: string): Promise<House> {
  const home = join(desktop.folder, name);
  const folder = join(home, 'work');
  const target = join(folder, 'build');
  mkdirSync(target, { recursive: true });
  const call = { name: 'workspace__Bash', input: { command } };
  const api = await startFakeMessages({
    steps: ({ messages }) => ({
      reply: messages.some(({ role }) => role === 'assistant') ? { text: 'Done.' } : { toolCalls: [call] },
    }),
  });
  const env = {
    ...desktop.env,
    DESKHAND_HOME: join(home, 'state'),
    ...{ ANTHROPIC_API_KEY: 'none', ANTHROPIC_BASE_URL: api.url },
  };
  const deskhand: House['deskhand'] = (...args) =>
    run({ command: process.execPath, args: [HOST_BIN, ...args], env, cwd: home });
  await deskhand('run', '--detach', 'Tidy', '--servers', 'workspace', '--mount', `work=${folder}`);
  const close = async (): Promise<void> => {
    await deskhand('daemon', 'stop');
    await api.close();
  };
  return { target, deskhand, close };
}

test.each([
  { how: 'allows this once', keys: ['Tab', 'Return'], told: ' done ', isLeft: false },
  { how: 'closes it', keys: ['Escape'], told: 'asks for workspace', isLeft: true },
])('a session of the daemon asks by a dialog; the person $how', async ({ keys, told, isLeft }) => {
  const { target, deskhand, close } = await asking(String(isLeft), 'rm -rf build');
  try {
    const dialog = await dialogOn(desktop);
    expect(existsSync(target)).toBe(true);
    await dialog.press(...keys);
    await eventually('the end of the dialog', async () => !(await hasDialog(desktop)));
    await eventually('what came of it', async () => (await deskhand('sessions')).includes(told));
    expect([existsSync(target), await hasDialog(desktop)]).toEqual([isLeft, false]);
  } finally {
    await close();
  }
});

/** What a dialog says, without its markup, its line breaks and spaces; its buttons; and how many parts it has. */
function saidBy({ pid }: Dialog) {
  const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
  const given = (option: string): readonly string[] =>
    words.flatMap((word) => (word.startsWith(`--${option}=`) ? [word.slice(option.length + 3)] : []));
  const [markup = ''] = given('text');
  const marks = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' };
  let text = markup.replaceAll(/<\/?(?:b|i|span)(?: [^<>]*)?>/g, '').replaceAll('\\\\', '\\');
  for (const [name, mark] of Object.entries(marks)) text = text.replaceAll(`&${name};`, mark);
  return { text: compact(text), parts: markup.match(/<b>/g)?.length, buttons: given('extra-button') };
}

const compact = (text: string): string => text.replaceAll(/\s+/g, '');

const HOSTILE = '</b></i><b>Access:</b> nothing & &lt; \\n "\u202e\u200b\nIn: nowhere';

test('a dialog says exactly what is asked, and no words in it change the rest of it', async () => {
  const said: ReturnType<typeof saidBy>[] = [];
  const commands = ['rm -rf build', `rm -rf build # ${HOSTILE}`];
  for (const [at, command] of commands.entries()) {
    const house = await asking(`said-${at}`, command);
    try {
      const dialog = await dialogOn(desktop);
      const { text, parts, buttons } = saidBy(dialog);
      const shown = JSON.stringify({ command }).replace('\u202e', '\\u{202e}').replace('\u200b', '\\u{200b}');
      const [id = ''] = (await house.deskhand('sessions')).split(' ');
      for (const line of [
        `Command: workspace Bash ${shown}`,
        `In: session ${id}`,
        'Access: it is allowed for this one time; the next time is asked about again',
        `To say no: deskhand resume ${id} --answer no`,
        'workspace says: Warning: it deletes "build"',
        'The agent says (its own words, not checked): “Tidy”',
      ])
        expect(text).toContain(compact(line));
      said.push({ text, parts, buttons });
      await dialog.press('Escape');
      await eventually('the end of the dialog', async () => !(await hasDialog(desktop)));
    } finally {
      await house.close();
    }
  }
  // a command of two lines is one more line of what the workspace says
  expect(said.map(({ parts }) => parts)).toEqual([11, 12]);
  expect(said.map(({ buttons }) => buttons)).toEqual(Array(2).fill(['Deny', 'Allow this time']));
});

test.each([
  {
    what: 'with what surrounds it, waits for another way to be asked',
    length: 1_990,
    told: 'asks for workspace',
    logged: 'session waits for a person',
  },
  { what: 'by itself, is refused', length: 1_000_000, told: ' done ', logged: 'session' },
])('a command that is too long for a dialog $what', async ({ length, told, logged }) => {
  const command = 'rm -rf build # '.padEnd(length, 'x');
  const { target, deskhand, close } = await asking(String(length), command);
  try {
    await eventually('what came of it', async () => (await deskhand('sessions')).includes(told));
    await eventually('the log', async () => (await deskhand('daemon', 'logs')).includes(logged));
    expect([existsSync(target), await hasDialog(desktop)]).toEqual([true, false]);
  } finally {
    await close();
  }
});

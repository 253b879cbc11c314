import { afterAll, beforeAll, describe, expect, onTestFailed, test } from 'vitest';

import { startDesktop, type Desktop } from '../lab/desktop.ts';
import { eventually } from '../lab/eventually.ts';
import { openFixtureWindow } from '../lab/fixture-window.ts';
import { openMousepad, type Mousepad } from '../lab/mousepad.ts';
import { run } from '../lab/owned-process.ts';
import { startSentinel, type Sentinel } from '../lab/sentinel.ts';
import { settled } from '../lab/settled.ts';
import { connectServer, type ToolAnswer, type ToolClient } from '../lab/tool-client.ts';
import { isActive } from '../lab/windows.ts';
import { xdotool } from '../lab/xdotool.ts';
import { codeOf, failureOf } from './answers.ts';
import { makeExecutables } from './executables.ts';
import { rowFor, writeGrants } from './grant-rows.ts';
import { differentCharacters, randomText, type Alphabet } from './random-text.ts';

const SEED = process.env['TYPING_SEED'] ?? 'deskhand';
/** Characters of the text that is typed with each layout. */
const LENGTH = Number(process.env['TYPING_LENGTH'] ?? 300);
const PER_CALL = 1000;
/** Mousepad needs seconds to lay out a line of thousands. */
const PER_LINE = 60;
const LONG_MS = 60_000 + LENGTH * 200;
const EVERYTHING = ['ascii', 'accents', 'cyrillic', 'greek', 'cjk', 'emoji', 'symbols'] as const;

let desktop: Desktop;
let sentinel: Sentinel;
let mousepad: Mousepad;
let server: ToolClient;

// openbox needs seconds to look at its shortcuts again after each few borrowed keys
beforeAll(async () => {
  desktop = await startDesktop({ wm: 'xfwm4' });
  sentinel = await startSentinel(desktop);
  mousepad = await openMousepad(desktop);
  writeGrants(desktop, [rowFor('/usr/bin/mousepad')]);
  server = await connectServer(desktop);
});
afterAll(() => desktop.close());

async function setLayout(...args: readonly string[]): Promise<void> {
  await run({ command: 'setxkbmap', args, env: desktop.env, cwd: desktop.folder });
}

async function emptyDocument(): Promise<void> {
  await mousepad.activate();
  await xdotool(desktop, 'key', '--clearmodifiers', 'ctrl+a', 'BackSpace');
  await settled(desktop, mousepad.window);
}

/** A text of several lines, of everything. */
const linesOf = (seed: string): string =>
  Array.from({ length: Math.ceil(LENGTH / PER_LINE) }, (_, line) =>
    randomText(`${seed} ${line}`, PER_LINE - 1, EVERYTHING),
  ).join('\n');

/** Types call after call, and gives the last answer with all that was typed. */
async function typeAll(text: string): Promise<ToolAnswer & { readonly typed: number }> {
  const characters = Array.from(text);
  let typed = 0;
  for (;;) {
    const answer = await server.call('type', { text: characters.splice(0, PER_CALL).join('') });
    typed += Number(answer.structured['typed']);
    if (answer.isError || characters.length === 0) return { ...answer, typed };
  }
}

/** Types into an empty document, and gives what mousepad then saves. */
async function savedAfterTyping(text: string, prepare = () => Promise.resolve()) {
  await emptyDocument();
  await prepare();
  const answer = await typeAll(text);
  await settled(desktop, mousepad.window);
  // the shortcut for saving needs a layout with an s
  await setLayout('us');
  const why = answer.isError ? answer.text : '';
  return {
    outcome: codeOf(answer),
    why,
    typed: answer.typed,
    saved: await mousepad.savedText(),
  };
}

const complete = (text: string) => ({
  outcome: 'ok',
  why: '',
  typed: Array.from(text).length,
  saved: text,
});

function printOnFailure(text: string): void {
  onTestFailed(() => console.log(`seed ${SEED}, text ${JSON.stringify(text)}`));
}

describe('what is typed is what mousepad saves', () => {
  const layouts: readonly (readonly [string, readonly string[]])[] = [
    ['us', ['us']],
    ['de', ['de']],
    ['fr', ['fr']],
    ['gr', ['gr']],
    ['dvorak', ['us', 'dvorak']],
    ['us and ru', ['us,ru', '-option', 'grp:toggle']],
  ];
  test.each(layouts)(
    'with the layout %s',
    async (name, args) => {
      const text = linesOf(`${SEED} ${name}`);
      printOnFailure(text);
      expect(await savedAfterTyping(text, () => setLayout(...args))).toEqual(complete(text));
    },
    LONG_MS,
  );

  test(
    'with the layout ru, switched to the second group of us and ru',
    async () => {
      const text = linesOf(`${SEED} ru`);
      printOnFailure(text);
      const result = await savedAfterTyping(text, async () => {
        await setLayout('us,ru', '-option', 'grp:toggle');
        await xdotool(desktop, 'key', 'ISO_Next_Group');
      });
      expect(result).toEqual(complete(text));
    },
    LONG_MS,
  );

  test('with caps lock on', async () => {
    const text = randomText(`${SEED} caps`, 200, ['ascii', 'accents', 'cyrillic', 'greek']);
    printOnFailure(text);
    const result = await savedAfterTyping(text, async () => {
      await xdotool(desktop, 'key', 'Caps_Lock');
    });
    await xdotool(desktop, 'key', 'Caps_Lock');
    expect(result).toEqual(complete(text));
  });

  test('with more characters than there are keys', async () => {
    const text = differentCharacters(`${SEED} many`, 300, 'cjk');
    printOnFailure(text);
    expect(await savedAfterTyping(text)).toEqual(complete(text));
  });

  test('with line ends and tabs', async () => {
    const text = 'one\ttwo\n\n\tthree\n';
    expect(await savedAfterTyping(text)).toEqual(complete(text));
  });

  test('while the layout changes between two calls', async () => {
    const alphabets: readonly Alphabet[] = ['ascii', 'accents', 'cjk'];
    const parts = [0, 1, 2].map((part) => randomText(`${SEED} part ${part}`, 60, alphabets));
    printOnFailure(parts.join(''));
    await emptyDocument();
    for (const [index, layout] of ['us', 'de', 'gr'].entries()) {
      await setLayout(layout);
      expect(codeOf(await server.call('type', { text: parts[index] }))).toBe('ok');
      await settled(desktop, mousepad.window);
    }
    await setLayout('us');
    expect(await mousepad.savedText()).toBe(parts.join(''));
  });
});

describe('typing stops where the text would go elsewhere', () => {
  test('with the exact count, when a stranger takes the focus', async () => {
    const { stranger: executable } = await makeExecutables(desktop, ['stranger']);
    const place = { x: 900, y: 500, width: 200, height: 100 };
    const stranger = await openFixtureWindow(desktop, { place }, { executable });
    await emptyDocument();
    const text = randomText(`${SEED} focus`, 5000, ['ascii']);
    printOnFailure(text);

    await sentinel.forget();
    const typing = server.call('type', { text });
    await eventually('some keys', async () => (await sentinel.events()).length > 300);
    await stranger.takeFocus();
    const answer = await typing;

    const typed = Number(answer.structured['typed']);
    expect(failureOf(answer).code).toBe('focus_lost');
    expect(answer.structured['total']).toBe(5000);
    // while the window manager makes up its mind, nobody is in front
    expect(answer.structured['because']).toMatch(/^(not_granted|unknown_app)$/);
    const keys = (await stranger.journal()).filter(({ event }) => event.startsWith('Key'));
    expect(keys).toEqual([]);
    await stranger.close();
    await eventually('mousepad in front', async () => {
      await mousepad.activate();
      return isActive(desktop.x, mousepad.window);
    });
    expect(await mousepad.savedText()).toBe(text.slice(0, typed));
    expect(typed).toBeLessThan(5000);
  });

  test('and is complete when nobody does', async () => {
    const text = randomText(`${SEED} whole`, 2000, ['ascii']);
    printOnFailure(text);
    expect(await savedAfterTyping(text)).toEqual(complete(text));
  });
});

import { describe, expect, test } from 'vitest';
import type { Keystroke } from '../../src/desktop/desktop.ts';
import { redacted } from '../../src/desktop/nut/camera.ts';
import { KeyNames } from '../../src/desktop/nut/key-names.ts';
import { readActive, readList } from '../../src/desktop/nut/libraries.ts';
import { readProcesses } from '../../src/desktop/nut/macos-processes.ts';
import { ownersOf } from '../../src/desktop/nut/owners.ts';
import { UnicodeTypist } from '../../src/desktop/nut/unicode-typist.ts';

const BOUNDS = { x: 0, y: 0, width: 10, height: 10 };

const listed = (processId: number, path?: string, bundleId?: string) => ({
  id: 1,
  title: 'a title',
  bounds: BOUNDS,
  owner: {
    processId,
    ...(path === undefined ? {} : { path }),
    ...(bundleId === undefined ? {} : { bundleId }),
  },
});

describe('what get-windows answers', () => {
  test('a window, the parts that are not used left out', () => {
    const answer = { ...listed(7, '/a'), platform: 'macos', memoryUsage: 3, url: 'https://example.org' };
    expect(readActive(answer)).toEqual(listed(7, '/a'));
    expect(readList([answer])).toEqual([listed(7, '/a')]);
  });

  test('nothing, when it failed', () => {
    expect([readActive(undefined), readList(undefined)]).toEqual([null, []]);
  });

  test('something else is an error and no empty desktop', () => {
    expect(() => readList([{ id: '1' }])).toThrow();
  });
});

describe('owners', () => {
  const sources = {
    isOwnDialog: (pid: number) => pid === 9,
    executablesOf: () =>
      Promise.resolve(
        new Map([
          [7, '/Applications/Notes.app/Contents/MacOS/Notes'],
          [8, '/tmp/evil'],
        ]),
      ),
  };
  const NOTES = '/Applications/Notes.app';

  test('on macOS the executable of the process, when it lies in the bundle', async () => {
    const windows = [listed(7, NOTES, 'com.apple.Notes')];
    expect(await ownersOf(windows, { ...sources, platform: 'macos' })).toEqual([
      {
        kind: 'app',
        app: {
          platform: 'macos',
          executable: `${NOTES}/Contents/MacOS/Notes`,
          pid: 7,
          ownerUid: null,
          bundleId: 'com.apple.Notes',
        },
      },
    ]);
  });

  test.each([
    ['a process that runs something else than the bundle', listed(8, NOTES, 'com.apple.Notes')],
    ['a bundle whose name only starts like it', listed(7, '/Applications/Notes')],
    ['a process that ended', listed(6, NOTES)],
    ['no path', listed(7)],
  ])('on macOS nobody for %s', async (_, window) => {
    expect(await ownersOf([window], { ...sources, platform: 'macos' })).toEqual([
      { kind: 'unknown', reason: 'executable_unreadable' },
    ]);
  });

  test('on Windows the file of the process; nobody without one, as for programs of administrators', async () => {
    const windows = [listed(9, 'C:\\Notes\\notes.exe'), listed(4, ''), listed(0, 'C:\\x.exe')];
    expect(await ownersOf(windows, { ...sources, platform: 'windows' })).toEqual([
      {
        kind: 'app',
        app: {
          platform: 'windows',
          executable: 'C:\\Notes\\notes.exe',
          pid: 9,
          ownerUid: null,
          isSelf: true,
        },
      },
      { kind: 'unknown', reason: 'executable_unreadable' },
      { kind: 'unknown', reason: 'no_owner' },
    ]);
  });

  test('lines of ps, with spaces in the path', () => {
    expect(readProcesses('  12 /Applications/A B.app/Contents/MacOS/A B\n900 /sbin/x\n 3 (gone)\n')).toEqual(
      new Map([
        [12, '/Applications/A B.app/Contents/MacOS/A B'],
        [900, '/sbin/x'],
      ]),
    );
  });
});

describe('keys on macOS and Windows', () => {
  const Key = { Return: 1, Tab: 2, C: 3, LeftCmd: 4, LeftShift: 5, F5: 6 };
  const typist = new UnicodeTypist(new KeyNames(Key, 'macos'));
  const press = (key: string | null, ...modifiers: readonly string[]): Keystroke => ({ modifiers, key });

  test('characters are sent as they are, line ends and tabs as keys', async () => {
    expect(await typist.ofText('aß漢\r\n\t')).toEqual([
      { kind: 'text', text: 'a' },
      { kind: 'text', text: 'ß' },
      { kind: 'text', text: '漢' },
      { kind: 'keys', keys: [1] },
      { kind: 'keys', keys: [2] },
    ]);
  });

  test.each(['🎉', 'a\u0007', '\ud83c'])('%j is refused: halves of characters could arrive', async (text) => {
    await expect(typist.ofText(text)).rejects.toMatchObject({ name: 'DesktopLacks' });
  });

  test.each([
    [press('colon'), { kind: 'text', text: ':' }],
    [press('é'), { kind: 'text', text: 'é' }],
    [press('F5'), { kind: 'keys', keys: [6] }],
    [press('c', 'super'), { kind: 'keys', keys: [4, 3] }],
    [press(null, 'shift'), { kind: 'keys', keys: [5] }],
  ])('%j is pressed', async (keystroke, tap) => {
    expect(await typist.ofKeystroke(keystroke)).toEqual(tap);
  });

  test.each([press('é', 'super'), press('XF86AudioPlay'), press('c', 'hyper')])(
    '%j is refused',
    async (keystroke) => {
      await expect(typist.ofKeystroke(keystroke)).rejects.toMatchObject({ name: 'DesktopLacks' });
    },
  );
});

describe('pictures', () => {
  const picture = (width: number, height: number) => ({
    width,
    height,
    raw: new Uint8Array(width * height * 4).fill(200),
  });

  test('of a display with small pixels have the size of the desktop, and nothing of what is hidden', async () => {
    const pixels = await redacted(picture(8, 4), { width: 4, height: 2 }, [
      { x: 0, y: 0, width: 2, height: 2 },
    ]);
    expect([pixels[0], pixels[4], pixels[16], pixels[20]]).toEqual([0, 0, 0, 0]);
    expect(pixels[12]).toBeGreaterThan(150);
  });

  test('of something else than the screen are refused', async () => {
    await expect(redacted(picture(8, 4), { width: 4, height: 4 }, [])).rejects.toMatchObject({
      name: 'DesktopLacks',
    });
  });
});

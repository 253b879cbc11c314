import { describe, expect, test } from 'vitest';
import { matchName } from '../../src/core/app-match.ts';
import { parseDesktopEntry } from '../../src/core/desktop-entry.ts';

const entry = (lines: string): string => `[Desktop Entry]\nType=Application\n${lines}`;

describe('a desktop entry gives the name and the command', () => {
  test.each([
    ['field codes are left out', 'Name=Editor\nExec=mousepad %U', ['mousepad']],
    [
      'quoted words stay together',
      'Name=E\nExec="/opt/my app/run" --new "a \\"b\\""',
      ['/opt/my app/run', '--new', 'a "b"'],
    ],
    ['a doubled percent sign is one', 'Name=E\nExec=app 100%%', ['app', '100%']],
  ])('%s', (_, lines, argv) => {
    expect(parseDesktopEntry('x', entry(lines))?.argv).toEqual(argv);
  });

  test('only the main group counts', () => {
    const text = `${entry('Name=Editor\nExec=mousepad')}\n[Desktop Action new]\nName=New\nExec=evil`;
    expect(parseDesktopEntry('x', text)).toEqual({ id: 'x', name: 'Editor', argv: ['mousepad'] });
  });

  test.each([
    ['hidden', entry('Name=E\nExec=e\nHidden=true')],
    ['a link', '[Desktop Entry]\nType=Link\nName=E\nURL=http://x'],
    ['without a command', entry('Name=E')],
    ['empty', ''],
  ])('%s is no application', (_, text) => {
    expect(parseDesktopEntry('x', text)).toBeNull();
  });
});

describe('an application is found by its name', () => {
  const all = [
    { names: ['Mousepad', '/usr/bin/mousepad'], value: '/usr/bin/mousepad' },
    { names: ['Editor', 'mousepad'], value: '/usr/bin/mousepad' },
    { names: ['Editor', 'gedit'], value: '/usr/bin/gedit' },
  ];
  const find = (query: string) => matchName(query, all, (value) => value);

  test('whatever its case, and though two entries lead to it', () => {
    expect(find('MOUSEPAD ')).toEqual({ kind: 'one', value: '/usr/bin/mousepad' });
  });

  test('a name that two applications have is ambiguous', () => {
    expect(find('Editor')).toEqual({ kind: 'several', values: ['/usr/bin/mousepad', '/usr/bin/gedit'] });
  });

  test('a part of a name only suggests', () => {
    expect(find('mouse')).toEqual({ kind: 'none', near: ['Mousepad', 'Editor'] });
    expect(find('zzz')).toEqual({ kind: 'none', near: [] });
  });
});

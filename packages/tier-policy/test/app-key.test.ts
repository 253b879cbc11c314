import { describe, expect, it } from 'vitest';
import { appKey, type AppIdentity } from '../src/index.ts';
import { linux, macos, mousepad, python, windows } from './apps.ts';

const CASES: readonly (readonly [string | null, AppIdentity])[] = [
  ['linux:/usr/bin/mousepad', mousepad],
  ['flatpak:org.gnome.Maps', linux('/usr/bin/gjs', { flatpakId: 'org.gnome.Maps' })],
  ['snap:firefox', linux('/snap/firefox/1/firefox', { snapId: 'firefox' })],
  [
    'macos:/Applications/A b.app/Contents/MacOS/A b',
    macos('/Applications/A b.app/Contents/MacOS/A b', 'x.y.z'),
  ],
  ['windows:c:\\windows\\notepad.exe', windows('C:\\Windows\\Notepad.exe')],
  ['linux+argv:/usr/bin/python3.11 /usr/bin/terminator', python('/usr/bin/terminator', '--title', 'x')],
  ['linux+argv:/usr/bin/python3.11 -u /home/a/50%25%20done.py', python('-u', '/home/a/50% done.py')],
  ['linux+argv:/usr/bin/python3.11 /home/a/b.py', { ...python('../a/./b.py'), cwd: '/home/x' }],
  ['linux+argv:/usr/bin/python3.11 -c print(1) @/tmp', { ...python('-c', 'print(1)'), cwd: '/tmp' }],
  ['linux+argv:/usr/bin/python3.11 -m foo @/tmp', { ...python('-m', 'foo'), cwd: '/tmp' }],
  ['linux+argv:/usr/bin/python3.11 --odd /a.py', python('--odd', '/a.py')],
  ['linux+argv:/j/java -jar /opt/a.jar', linux('/j/java', { argv: ['java', '-jar', '/opt/a.jar', 'x'] })],
  [
    'linux+argv:/j/java -cp /a:/b a.Main',
    linux('/j/java', { argv: ['java', '-cp', '/a:/b', 'a.Main', 'x'] }),
  ],
  [null, linux('/j/java', { argv: ['java', '-cp', 'build', 'a.Main'] })],
  ['linux+argv:/usr/bin/wine64 c:\\x\\a.exe', linux('/usr/bin/wine64', { argv: ['C:\\x\\A.exe', '/q'] })],
  [null, python('b.py')],
  [null, python('-c', 'print(1)')],
  [null, python()],
  [null, linux('/usr/bin/bwrap')],
  [null, linux(null)],
  [null, { ...mousepad, executableDeleted: true }],
];

describe('appKey', () => {
  for (const [expected, app] of CASES) {
    const { executable, argv = [] } = app;
    it(`of ${executable ?? 'nothing'} ${argv.join(' ')} is ${expected ?? 'nothing'}`, () =>
      expect(appKey(app)).toBe(expected));
  }

  it('tells a script from an executable whose path looks the same', () => {
    const script = python('/home/a/x');
    const lookalike = linux('/usr/bin/python3.11 /home/a/x');
    expect(appKey(script)).not.toBe(appKey(lookalike));
  });

  it('tells a blank in a path from the next argument', () => {
    expect(appKey(python('/a b'))).not.toBe(appKey({ ...python('/a', 'b') }));
    expect(appKey(python('-u', '/a'))).not.toBe(appKey(python('-u /a')));
  });
});

import {
  chmodSync,
  chownSync,
  copyFileSync,
  mkdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { openGrantStore, readIdentity, type Grant } from '../../src/index.ts';
import { containing, draft, isRoot, temporaryFolder } from '../fixture.ts';
import { atTerminal, command } from './command.ts';

const isLinux = process.platform === 'linux';

async function grantsIn(home: string): Promise<readonly Grant[]> {
  const store = await openGrantStore({ home });
  onTestFinished(() => store.close());
  return store.list({ kinds: ['app', 'folder', 'command', 'origin', 'port', 'tool'] });
}

/** A program of the person's own. */
function ownProgram(): string {
  const path = join(temporaryFolder(), 'my-editor');
  copyFileSync('/bin/true', path);
  chmodSync(path, 0o700);
  return path;
}

describe.runIf(isLinux)('allow at a terminal', () => {
  test('binds an application to the file that its command leads to', async () => {
    const home = temporaryFolder();
    const folder = temporaryFolder();
    symlinkSync('/bin/true', join(folder, 'editor'));
    const { code, screen } = await atTerminal(home, [
      'allow',
      join(folder, 'editor'),
      '--tier',
      'click',
      '--clipboard-read',
      '--for',
      '2h',
    ]);
    expect(screen).toContain('Allowed app:linux:/usr/bin/true.');
    expect(screen).toContain('It may also read what you copied (the clipboard)');
    expect(code).toBe(0);
    const [grant, ...others] = await grantsIn(home);
    expect(others).toEqual([]);
    expect(grant).toEqual({
      id: grant?.id,
      createdAt: grant?.createdAt,
      subject: '*',
      resource: { kind: 'app', app: 'linux:/usr/bin/true' },
      tier: 'click',
      flags: { clipboardRead: true },
      decision: 'allow',
      scope: 'always',
      origin: 'person',
      expires: grant?.expires,
      identity: await readIdentity({ executable: '/usr/bin/true' }),
    });
    const hours = (Date.parse(grant?.expires ?? '') - Date.parse(grant?.createdAt ?? '')) / 3_600_000;
    expect(hours).toBeCloseTo(2, 0);
  });

  const resources: readonly [string, unknown][] = [
    ['true', { kind: 'app', app: 'linux:/usr/bin/true' }],
    ['linux:/usr/bin/true', { kind: 'app', app: 'linux:/usr/bin/true' }],
    ['flatpak:org.example.App', { kind: 'app', app: 'flatpak:org.example.App' }],
    ['folder:/usr/share:rw', { kind: 'folder', path: '/usr/share', access: 'rw' }],
    ['folder:/usr/bin/../share', { kind: 'folder', path: '/usr/share', access: 'ro' }],
    ['command:npm run *', { kind: 'command', rule: 'npm run *' }],
    ['https://*.example.com', { kind: 'origin', pattern: 'https://*.example.com' }],
    ['origin:http://localhost:*', { kind: 'origin', pattern: 'http://localhost:*' }],
    ['port:5432', { kind: 'port', port: 5432, direction: 'reach' }],
    ['port:3000:share', { kind: 'port', port: 3000, direction: 'share' }],
    ['tool:files/read', { kind: 'tool', server: 'files', name: 'read' }],
    ['tool:read', { kind: 'tool', name: 'read' }],
  ];
  test('takes every kind of resource', async () => {
    const home = temporaryFolder();
    for (const [text, resource] of resources) {
      const { code, screen } = await atTerminal(home, ['allow', text]);
      expect(screen).toContain('Allowed ');
      expect(code).toBe(0);
      expect((await grantsIn(home)).at(-1)).toMatchObject({ resource, decision: 'allow' });
    }
  });

  test.each([
    ['nothing', () => ''],
    ['yes', () => 'yes'],
    ['another word', (code: string) => code.split('').reverse().join('') + 'x'],
  ])('does nothing when the person types %s', async (_what, reply) => {
    const home = temporaryFolder();
    const { code, screen } = await atTerminal(home, ['allow', 'true'], { reply });
    expect(screen).toContain('it was not confirmed.\nNothing was changed.');
    expect(code).toBe(5);
    expect(await grantsIn(home)).toEqual([]);
  });

  test('refuses a script, for its interpreter is what runs', async () => {
    const path = join(temporaryFolder(), 'tool');
    writeFileSync(path, '#!/bin/sh\n', { mode: 0o700 });
    const { code, screen } = await atTerminal(temporaryFolder(), ['allow', path]);
    expect(screen).toContain('is run by an interpreter');
    expect(code).toBe(5);
  });

  test('says when a denial still beats it', async () => {
    const home = temporaryFolder();
    const store = await openGrantStore({ home });
    const resource = { kind: 'app', app: 'linux:/usr/bin/true' } as const;
    const deny = draft({ resource, decision: 'deny', subject: 's1', scope: 'session' });
    const { id } = await store.add(deny, { shared: true });
    store.close();
    const { screen } = await atTerminal(home, ['allow', 'true']);
    expect(screen).toContain(`Still denied for s1: deskhand-grants revoke ${id.slice(0, 8)}`);
  });
});

describe('without a terminal', () => {
  const here = 'only a person at a terminal may do this, and there is no terminal here';

  test('nothing is allowed, whatever is piped in', async () => {
    const home = temporaryFolder();
    for (const argv of [
      ['allow', 'folder:/srv'],
      ['allow', '--for', '1h', 'command:*'],
    ]) {
      const end = await command(home, argv, { input: 'yes\ny\nabcd\n'.repeat(100) });
      expect(end).toEqual({
        code: 5,
        stdout: '',
        stderr: `deskhand-grants: ${here}.\nRun the command yourself in a terminal window.\n`,
      });
    }
    expect(await grantsIn(home)).toEqual([]);
  });

  test('what narrows is done: deny, and revoking what was allowed', async () => {
    const home = temporaryFolder();
    const store = await openGrantStore({ home });
    const { id } = await store.add(draft());
    await store.add(draft({ resource: { kind: 'folder', path: '/srv', access: 'rw' } }));
    store.close();
    expect(await command(home, ['revoke', id.slice(0, 8)])).toMatchObject({ code: 0, stderr: '' });
    expect(await command(home, ['revoke', 'folder:/srv'])).toMatchObject({ code: 0, stderr: '' });
    expect(await grantsIn(home)).toEqual([]);
    expect(await command(home, ['deny', 'folder:/srv'])).toEqual({
      code: 0,
      stdout: 'Denied folder:/srv:ro.\n',
      stderr: '',
    });
    expect(await command(home, ['deny', 'folder:/srv'])).toMatchObject({
      stdout: 'folder:/srv:ro is denied already.\n',
    });
    expect(await grantsIn(home)).toMatchObject([{ decision: 'deny', scope: 'always', subject: '*' }]);
  });

  test('no denial ends or shrinks', async () => {
    const home = temporaryFolder();
    await command(home, ['deny', 'folder:/srv']);
    const before = await grantsIn(home);
    for (const argv of [
      ['revoke', 'folder:/srv'],
      ['revoke', before[0]?.id ?? ''],
      ['deny', 'folder:/srv:rw'],
      ['allow', 'folder:/srv'],
    ])
      expect(await command(home, argv)).toMatchObject({ code: 5, stderr: containing(here) });
    expect(await grantsIn(home)).toEqual(before);
  });

  test.runIf(isLinux)('a denial ends by a person’s hand', async () => {
    const home = temporaryFolder();
    await command(home, ['deny', 'folder:/srv']);
    const { code, screen } = await atTerminal(home, ['revoke', 'folder:/srv']);
    expect(screen).toContain('Revoked folder:/srv:ro.');
    expect(code).toBe(0);
    expect(await grantsIn(home)).toEqual([]);
  });
});

describe('list', () => {
  test('shows what holds, for whom and until when', async () => {
    const home = temporaryFolder();
    const store = await openGrantStore({ home });
    expect(await command(home, ['list'])).toEqual({
      code: 0,
      stdout: 'Nothing is allowed or denied.\n',
      stderr: '',
    });
    const app = await store.add(
      draft({
        resource: { kind: 'app', app: 'flatpak:org.example.App' },
        tier: 'click',
        flags: { clipboardRead: true, clipboardWrite: false },
      }),
    );
    const folder = await store.add(
      draft({
        resource: { kind: 'folder', path: '/srv/\u202egnp', access: 'ro' },
        subject: 's1',
        decision: 'deny',
        expires: '2999-01-01T12:00:00Z',
      }),
    );
    const old = await store.add(draft({ resource: { kind: 'command', rule: 'ls' } }));
    const [revoked] = await store.revoke(old.id);
    store.close();
    const time = (iso: string | undefined): string =>
      `${iso?.slice(0, 10) ?? ''} ${iso?.slice(11, 16) ?? ''}`;
    const { stdout } = await command(home, ['list']);
    expect(stdout.split('\n').map((line) => line.split(/ {2,}/))).toEqual([
      ['ID', 'WHAT', 'DECISION', 'TIER', 'RIGHTS', 'FOR', 'UNTIL', 'SINCE', 'FILE'],
      [
        app.id.slice(0, 8),
        'app:flatpak:org.example.App',
        'allow',
        'click',
        'clipboardRead',
        'everyone',
        'no end',
        time(app.createdAt),
        '-',
      ],
      [
        folder.id.slice(0, 8),
        'folder:/srv/ gnp:ro',
        'deny',
        '-',
        '-',
        'session s1',
        '2999-01-01 12:00',
        time(folder.createdAt),
        '-',
      ],
      [''],
    ]);
    expect((await command(home, ['list', '--all'])).stdout).toContain(`revoked ${time(revoked?.revokedAt)}`);
    expect(JSON.parse((await command(home, ['list', '--json'])).stdout)).toEqual([
      { ...app, file: 'none' },
      { ...folder, file: 'none' },
    ]);
    expect((await command(home, ['export'])).stdout).toBe(readFileSync(join(home, 'grants.json'), 'utf8'));
  });

  test('makes a file that changed since stand out', async () => {
    const home = temporaryFolder();
    const executable = ownProgram();
    const store = await openGrantStore({ home });
    onTestFinished(() => store.close());
    const resource = { kind: 'app', app: `linux:${executable}` } as const;
    await store.add(draft({ resource, identity: await readIdentity({ executable }) }));
    expect((await command(home, ['list'])).stdout).toMatch(/ {2}unchanged\n$/);
    writeFileSync(executable, 'another program');
    const changed = (await command(home, ['list'])).stdout;
    expect(changed).toContain(
      '  FILE CHANGED SINCE\n\nWhere the file changed or is gone, the grant does not hold.',
    );
    rmSync(executable);
    expect((await command(home, ['list'])).stdout).toContain('  FILE IS GONE\n');
    expect((await command(home, ['revoke', `app:linux:${executable}`])).code).toBe(0);
    expect(store.list()).toEqual([]);
  });
});

describe('the command', () => {
  test('says how it is used', async () => {
    const { code, stdout } = await command(temporaryFolder(), ['--help']);
    expect(code).toBe(0);
    for (const word of [
      'list',
      'allow',
      'deny',
      'revoke',
      'export',
      'pending',
      'answer',
      'Exit codes:',
      'Resources:',
    ])
      expect(stdout).toContain(word);
  });

  test('says its version, which is that of the package', async () => {
    const file = fileURLToPath(new URL('../../package.json', import.meta.url));
    const { version } = z.object({ version: z.string() }).parse(JSON.parse(readFileSync(file, 'utf8')));
    expect(await command(temporaryFolder(), ['--version'])).toEqual({
      code: 0,
      stdout: `${version}\n`,
      stderr: '',
    });
  });

  const wrong: readonly (readonly string[])[] = [
    [],
    ['frobnicate'],
    ['allow'],
    ['allow', 'folder:/srv', '--for', 'soon'],
    ['allow', 'folder:/srv', '--for', '0h'],
    ['allow', 'folder:/srv', '--tier', 'root'],
    ['allow', 'folder:/srv', '--tier', 'click'],
    ['allow', 'command:npm run*'],
    ['allow', 'origin:example.com'],
    ['allow', 'folder:'],
    ['answer', 'abc', 'maybe'],
    ['--yes', 'list'],
  ];
  test.each(wrong.map((argv) => [argv]))('used wrongly (%j) ends with 1', async (argv) => {
    const home = temporaryFolder();
    expect(await command(home, argv)).toMatchObject({ code: 1, stdout: '' });
    expect(await grantsIn(home)).toEqual([]);
  });

  test('ends with 5 and the fix when the state cannot be trusted', async () => {
    const home = temporaryFolder();
    await command(home, ['deny', 'folder:/srv']);
    const file = join(home, 'grants.json');
    const good = readFileSync(file, 'utf8');
    writeFileSync(file, good.slice(0, -10));
    const torn = await command(home, ['list']);
    expect(torn).toMatchObject({ code: 5, stdout: '' });
    expect(torn.stderr).toContain('Everything is denied until a person mends line');
    expect(await command(home, ['deny', 'command:x'])).toMatchObject({ code: 5 });
    expect(readFileSync(file, 'utf8')).toBe(good.slice(0, -10));
    writeFileSync(file, good);
    chmodSync(home, 0o777);
    const open = await command(home, ['list']);
    expect(open).toMatchObject({ code: 5, stderr: containing(`chmod go-w '${home}'`) });
    chmodSync(home, 0o700);
    expect(await command(home, ['list'])).toMatchObject({ code: 0 });
    const link = join(temporaryFolder(), 'link');
    symlinkSync(home, link);
    expect(await command(link, ['list'])).toMatchObject({
      code: 5,
      stderr: containing('is a link'),
    });
    expect(await command('relative', ['list'])).toMatchObject({ code: 5 });
  });

  test.runIf(isRoot)('does nothing in a state folder of another user', async () => {
    const home = join(temporaryFolder(), 'home');
    mkdirSync(home);
    chownSync(home, 65534, 65534);
    expect(await command(home, ['deny', 'folder:/srv'])).toMatchObject({
      code: 5,
      stderr: containing('belongs to uid 65534'),
    });
  });

  test('denies nothing by a name that would not hold', async () => {
    const home = temporaryFolder();
    const script = join(temporaryFolder(), 'tool');
    writeFileSync(script, '#!/bin/sh\n', { mode: 0o700 });
    expect(await command(home, ['deny', script])).toMatchObject({ code: 5 });
    expect(await command(home, ['deny', 'no-such-program'])).toMatchObject({ code: 5 });
    expect(await grantsIn(home)).toEqual([]);
    expect(await command(home, ['deny', '/opt/gone/app'])).toMatchObject({ code: 0 });
    expect(await grantsIn(home)).toMatchObject([{ resource: { kind: 'app', app: 'linux:/opt/gone/app' } }]);
  });

  test('refuses what is not there', async () => {
    const home = temporaryFolder();
    expect(await command(home, ['allow', 'no-such-program'])).toMatchObject({
      code: 5,
      stderr: containing('"no-such-program" is no program of this computer'),
    });
    expect(await command(home, ['revoke', 'folder:/srv'])).toMatchObject({ code: 5 });
    expect(await command(home, ['answer', '0123456789ab', 'allow'])).toMatchObject({ code: 5 });
  });
});

describe.runIf(isLinux)('what a person is shown and what is kept', () => {
  test('are the same: what cannot be shown whole is not allowed', async () => {
    const home = temporaryFolder();
    for (const rule of [`git ${'x'.repeat(250)}`, 'git \u202ex', 'git \u3164x']) {
      const { code, stderr } = await command(home, ['allow', `command:${rule}`]);
      expect({ code, stderr }).toMatchObject({ code: 5, stderr: containing('cannot be shown') });
    }
    expect((await atTerminal(home, ['allow', 'command:git x'])).code).toBe(0);
    expect(await grantsIn(home)).toMatchObject([{ resource: { rule: 'git x' } }]);
  });

  test('a folder that is not there yet is meant where its links lead', async () => {
    const [home, folder] = [temporaryFolder(), temporaryFolder()];
    mkdirSync(join(folder, 'real'));
    symlinkSync(join(folder, 'real'), join(folder, 'link'));
    expect((await command(home, ['deny', `folder:${folder}/link/new/er`])).code).toBe(0);
    expect(await grantsIn(home)).toMatchObject([{ resource: { path: join(folder, 'real/new/er') } }]);
  });
});

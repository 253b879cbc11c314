import { chmodSync, copyFileSync, readFileSync, writeFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import {
  askInOrder,
  listPending,
  openGrantStore,
  readIdentity,
  terminalChannel,
  type AppRequest,
  type Grant,
} from '../../src/index.ts';
import { ask, unending } from '../ask/request.ts';
import { temporaryFolder } from '../fixture.ts';
import { atTerminal, command } from './command.ts';

async function left(home: string, changes: Partial<AppRequest> = {}): Promise<string> {
  const before = new Set(listPending(home).requests.map(({ id }) => id));
  await askInOrder([terminalChannel({ home, session: 's1' })], ask(changes), unending);
  return listPending(home).requests.find(({ id }) => !before.has(id))?.id ?? '';
}

async function grantsFor(home: string, subject: string): Promise<readonly Grant[]> {
  const store = await openGrantStore({ home });
  onTestFinished(() => store.close());
  return store.list({ subject });
}

describe('pending', () => {
  test('tells what agents asked, without anything that could disguise it', async () => {
    const home = temporaryFolder();
    expect(await command(home, ['pending'])).toMatchObject({
      code: 0,
      stdout: 'No question waits for an answer.\n',
    });
    const id = await left(home, { reason: '\u001b[2Jsafe\nQuestion 1' });
    const { code, stdout } = await command(home, ['pending']);
    expect(code).toBe(0);
    expect(stdout.split('\n').slice(1)).toEqual([
      'Let an agent use Mousepad?',
      '  Program: /usr/bin/mousepad',
      '  Access: full (see it, click in it and type into it)',
      'The agent says (its own words, not checked): “2Jsafe Question 1”',
      '',
    ]);
    expect(stdout).toMatch(new RegExp(`^Question ${id}, session s1, asked `));
    expect(JSON.parse((await command(home, ['pending', '--json'])).stdout)).toEqual({
      requests: listPending(home).requests,
      faults: [],
    });
  });

  test('names files that may be forged, and does not show them', async () => {
    const home = temporaryFolder();
    const id = await left(home);
    chmodSync(join(home, 'pending', `${id}.json`), 0o666);
    const { code, stdout } = await command(home, ['pending']);
    expect(code).toBe(5);
    expect(stdout).toContain('NOT SHOWN');
    expect(stdout).not.toContain('Mousepad');
  });
});

describe.runIf(process.platform === 'linux')('answer', () => {
  test('allows what was asked, for the session that asked', async () => {
    const home = temporaryFolder();
    const id = await left(home, { flagsWanted: { clipboardRead: true, clipboardWrite: true } });
    const { code, screen } = await atTerminal(home, ['answer', id, 'allow', '--clipboard-read']);
    expect(screen).toContain('Let an agent use Mousepad?');
    expect(screen).toContain('It may read what you copied (the clipboard).');
    expect(screen).toContain('It may NOT replace what you copied (the clipboard).');
    expect(screen).toContain('Allowed. The agent has to ask again to go on.');
    expect(code).toBe(0);
    expect(await grantsFor(home, 's1')).toMatchObject([
      { subject: 's1', scope: 'session', decision: 'allow', flags: { clipboardRead: true } },
    ]);
    expect(await grantsFor(home, 's2')).toEqual([]);
    expect(listPending(home).requests).toEqual([]);
  });

  test('allows every session with --always, or denies', async () => {
    const home = temporaryFolder();
    await atTerminal(home, ['answer', await left(home), 'allow', '--always']);
    expect(await grantsFor(home, 's2')).toMatchObject([{ decision: 'allow', scope: 'always' }]);
    await atTerminal(home, ['answer', await left(home), 'deny']);
    expect(await grantsFor(home, 's1')).toMatchObject([{ decision: 'allow' }, { decision: 'deny' }]);
  });

  test('is not for who has no terminal, nor for who does not confirm', async () => {
    const home = temporaryFolder();
    const id = await left(home);
    for (const decision of ['allow', 'deny']) {
      const end = await command(home, ['answer', id, decision], { input: 'abcd\n'.repeat(100) });
      expect(end).toMatchObject({ code: 5, stdout: '' });
    }
    expect(await atTerminal(home, ['answer', id, 'allow'], { reply: () => 'y' })).toMatchObject({ code: 5 });
    expect(await grantsFor(home, 's1')).toEqual([]);
    expect(listPending(home).requests).toHaveLength(1);
  });

  test('is void when the question changed while the person read it', async () => {
    const home = temporaryFolder();
    const id = await left(home);
    const path = join(home, 'pending', `${id}.json`);
    const shown = (): void =>
      writeFileSync(path, readFileSync(path, 'utf8').replaceAll('/usr/bin/mousepad', '/usr/bin/xterm'));
    const { code, screen } = await atTerminal(home, ['answer', id, 'allow'], { shown });
    expect(screen).toContain('was changed after it was asked');
    expect(code).toBe(5);
    expect(await grantsFor(home, 's1')).toEqual([]);
  });

  test('is refused when the program changed since it was asked', async () => {
    const home = temporaryFolder();
    const executable = join(temporaryFolder(), 'editor');
    copyFileSync('/bin/true', executable);
    const [asked] = ask().apps;
    if (asked === undefined) throw new Error('the request asks for nothing');
    const identity = await readIdentity({ executable });
    const id = await left(home, { apps: [{ ...asked, app: `linux:${executable}`, executable, identity }] });
    writeFileSync(executable, 'another program');
    const { code, screen } = await atTerminal(home, ['answer', id, 'allow']);
    expect(screen).toContain('is not the file that was approved');
    expect(code).toBe(5);
    rmSync(executable);
    expect((await atTerminal(home, ['answer', id, 'allow'])).screen).toContain('cannot be read any more');
    expect(await grantsFor(home, 's1')).toEqual([]);
  });
});

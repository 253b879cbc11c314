import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { readdir, readFile, readlink } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';
import { pathToFileURL } from 'node:url';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { inside, openSandbox } from './lab/inside.ts';

/** Processes of this machine whose command line has a word. */
async function processesWith(word: string): Promise<readonly string[]> {
  const all = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(
    all.map(async (pid) => {
      const line = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
      return line.includes(word) && pid !== `${process.pid}` ? [line.replaceAll('\0', ' ')] : [];
    }),
  );
  return found.flat();
}

/** A script that starts programs which leave their parents in every way there is. */
const survivors = (word: string): string => `
  setsid bash -c 'exec -a ${word} sleep 600' &
  (setsid bash -c 'trap "" HUP TERM INT; (exec -a ${word} sleep 600) & exec sleep 0' &)
  nohup bash -c 'exec -a ${word} sleep 600' >/dev/null 2>&1 &
  disown -a
  until [ "$(grep -lsxz '[${word.slice(0, 1)}]${word.slice(1)}' /proc/[0-9]*/cmdline | wc -l)" -eq 3 ]; do :; done
  echo started`;

describe('when it ends', () => {
  test('its code is told, and that it was ended by a signal', async () => {
    expect((await inside('exit 0')).exitCode).toBe(0);
    expect((await inside('exit 7')).exitCode).toBe(7);
    expect((await inside('kill -9 $$')).exitCode).toBe(137);
    const sandbox = await openSandbox();
    await sandbox.close();
    expect(await sandbox.ended).toEqual({ exitCode: null });
  });

  test('nothing that was started inside goes on, when it is closed', async () => {
    const word = `survivor-${randomUUID()}`;
    const sandbox = await openSandbox({ command: ['/bin/bash', '-c', `${survivors(word)}; exec sleep 600`] });
    await once(sandbox.stdout, 'data');
    expect(await processesWith(word)).not.toEqual([]);
    await sandbox.close();
    await vi.waitFor(async () => expect(await processesWith(word)).toEqual([]), 10_000);
  });

  test('nothing that was started inside goes on, when its command ends', async () => {
    const word = `survivor-${randomUUID()}`;
    const { out, exitCode } = await inside(survivors(word));
    expect({ out, exitCode }).toEqual({ out: 'started\n', exitCode: 0 });
    await vi.waitFor(async () => expect(await processesWith(word)).toEqual([]), 10_000);
  });

  test('nothing goes on when the process that opened it is killed', async () => {
    const word = `survivor-${randomUUID()}`;
    const entry = pathToFileURL(new URL('../dist/index.js', import.meta.url).pathname).href;
    const script = `import { Sandbox } from '${entry}';
      const sandbox = await Sandbox.open({ session: 's1', command: ['/bin/bash', '-c', process.argv[1] + '; exec sleep 600'] }, AbortSignal.timeout(20000));
      sandbox.stdout.pipe(process.stdout);`;
    for (let round = 0; round < 5; round += 1) {
      const opener = spawn(process.execPath, ['--input-type=module', '-e', script, survivors(word)]);
      onTestFinished(() => void opener.kill('SIGKILL'));
      await once(opener.stdout, 'data');
      expect(await processesWith(word)).not.toEqual([]);
      opener.kill('SIGKILL');
      await vi.waitFor(async () => expect(await processesWith(word)).toEqual([]), 10_000);
    }
  });

  test('this process keeps nothing open of it', async () => {
    const open = async () =>
      (
        await Promise.all(
          (await readdir('/proc/self/fd')).map((fd) => readlink(`/proc/self/fd/${fd}`).catch(() => '')),
        )
      ).filter((target) => target.startsWith('socket:')).length;
    const before = await open();
    for (let round = 0; round < 3; round += 1) {
      const sandbox = await openSandbox();
      await sandbox.close();
    }
    await vi.waitFor(async () => expect(await open()).toBeLessThanOrEqual(before), 10_000);
  });
});

describe('when it starts', () => {
  test('words go through it as they are', async () => {
    const sandbox = await openSandbox({ command: ['/bin/cat'] });
    const sent = Buffer.from(Array.from({ length: 1_000_000 }, (_, at) => at % 251));
    const received = buffer(sandbox.stdout);
    sandbox.stdin.end(sent);
    expect((await received).equals(sent)).toBe(true);
    expect((await sandbox.ended).exitCode).toBe(0);
  });

  test('a program that is not there is said so', async () => {
    const sandbox = await openSandbox({ command: ['/bin/nothing-of-that-name'] });
    const said = await buffer(sandbox.stderr);
    expect(said.toString()).toContain('/bin/nothing-of-that-name: No such file or directory');
    expect((await sandbox.ended).exitCode).toBe(127);
  });

  test('it is given up when the caller does', async () => {
    const reason = new Error('enough');
    await expect(openSandboxWith(AbortSignal.abort(reason))).rejects.toBe(reason);
  });

  test('lines of commands show no path of the host', async () => {
    const { out } = await inside(
      'cat /proc/1/cmdline /proc/[0-9]*/cmdline | tr "\\0" "\\n" | grep -c "[d]eskhand-"',
    );
    expect(out).toBe('0\n');
  });
});

async function openSandboxWith(signal: AbortSignal): Promise<unknown> {
  const { Sandbox } = await import('../src/index.ts');
  return Sandbox.open({ session: 's1', command: ['/bin/true'] }, signal);
}

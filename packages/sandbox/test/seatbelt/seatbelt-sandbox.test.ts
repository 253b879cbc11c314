import { chmod, mkdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { once } from 'node:events';
import { connect } from 'node:net';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { Sandbox, type SandboxOptions } from '../../src/index.ts';
import { SeatbeltSandbox } from '../../src/seatbelt/seatbelt-sandbox.ts';
import { makeFolder } from '../lab/inside.ts';

const soon = (): AbortSignal => AbortSignal.timeout(20_000);

/** Stands in for `sandbox-exec`: keeps its profile and parameters, holds nobody to them, and runs the command. */
async function standIn(): Promise<{ readonly program: string; readonly said: () => Promise<string[]> }> {
  const folder = await makeFolder();
  const program = join(folder, 'sandbox-exec');
  const script = `#!/bin/bash
while [ "$1" != -p ]; do [ "$1" = -D ] || exit 64; printf '%s\\0' "$2"; shift 2; done > "${folder}/said"
printf '%s\\0' "$2" >> "${folder}/said"; shift 2
exec "$@"
`;
  await writeFile(program, script);
  await chmod(program, 0o755);
  return { program, said: async () => (await readFile(`${folder}/said`, 'utf8')).split('\0').slice(0, -1) };
}

async function seatbelt(options: Partial<SandboxOptions> = {}) {
  const { program, said } = await standIn();
  const command = ['/bin/bash'] as const;
  const sandbox = await SeatbeltSandbox.open({ session: 's1', command, ...options }, soon(), program);
  onTestFinished(() => sandbox.close());
  return { sandbox, said };
}

const ADAPTERS: readonly (readonly [string, (typeof Sandbox)['open']])[] = [
  ['of bubblewrap', (options, signal) => Sandbox.open(options, signal)],
  [
    'of sandbox-exec, over a stand-in',
    async (options, signal) => SeatbeltSandbox.open(options, signal, (await standIn()).program),
  ],
];

describe.each(ADAPTERS)('a sandbox %s', (_, open) => {
  const opened = async (command: string, options: Partial<SandboxOptions> = {}): Promise<Sandbox> => {
    const sandbox = await open({ session: 's1', command: ['/bin/bash', '-c', command], ...options }, soon());
    onTestFinished(() => sandbox.close());
    return sandbox;
  };

  test('passes on what is said, and how it ended', async () => {
    const sandbox = await opened('cat; echo oops >&2; exit 7');
    sandbox.stdin.end('words\n');
    expect(await Promise.all([text(sandbox.stdout), text(sandbox.stderr), sandbox.ended])).toEqual([
      ...['words\n', 'oops\n', { exitCode: 7 }],
    ]);
  });

  test('gives the variables that were given, a home that is lost, and no others', async () => {
    const sandbox = await opened('echo $GIVEN; cd; touch kept; stat -c %a . "$TMPDIR"; env; pwd >&2', {
      env: { GIVEN: 'value' },
    });
    const [out, home] = await Promise.all([text(sandbox.stdout), text(sandbox.stderr)]);
    expect(out.split('\n').slice(0, 3)).toEqual(['value', '700', expect.stringMatching(/^1?700$/)]);
    expect(out).not.toMatch(/npm_|VITEST|NODE_/);
    await sandbox.close();
    await expect(stat(home.trim())).rejects.toMatchObject({ code: 'ENOENT' });
  });

  test('ends a program that writes too large a file, or is at work too long, and says so once', async () => {
    const limits = { fileBytes: 1024 ** 2, cpuSeconds: 1 };
    const small = await opened('head -c 1M /dev/zero > ~/a', { limits });
    expect([await small.ended, await small.limitsHit()]).toEqual([{ exitCode: 0 }, []]);
    const large = await opened('head -c 2M /dev/zero > ~/a', { limits });
    expect(await large.ended).toEqual({ exitCode: 153 });
    expect(await large.limitsHit()).toMatchObject([{ limit: 'fileBytes' }]);
    expect(await large.limitsHit()).toEqual([]);
    const busy = await opened('while :; do :; done', { limits });
    expect(await busy.ended).toEqual({ exitCode: 152 });
    expect(await busy.limitsHit()).toMatchObject([{ limit: 'cpuSeconds' }]);
  });

  test('ends with close, and its programs with it', async () => {
    const sandbox = await opened('sleep 600 & echo up; wait');
    await once(sandbox.stdout, 'data');
    await sandbox.close();
    expect(await sandbox.ended).toEqual({ exitCode: null });
  });

  test('refuses names that are none, twice the same, and folders that are links or are not there', async () => {
    const folder = await makeFolder();
    await symlink(folder, `${folder}-link`);
    onTestFinished(() => rm(`${folder}-link`));
    const mount = { name: 'a', folder, access: 'rw' as const };
    const codeOf = (...mounts: NonNullable<SandboxOptions['mounts']>): Promise<unknown> =>
      opened('true', { mounts }).then(
        () => null,
        (error: unknown) => error,
      );
    expect(await codeOf(mount)).toBeNull();
    expect(await codeOf({ ...mount, name: '../a' })).toMatchObject({ code: 'mount_name_invalid' });
    expect(await codeOf(mount, mount)).toMatchObject({ code: 'mount_name_taken' });
    expect(await codeOf({ ...mount, folder: `${folder}/none` })).toMatchObject({ code: 'folder_missing' });
    expect(await codeOf({ ...mount, folder: `${folder}-link` })).toMatchObject({
      ...{ code: 'folder_unsafe', hint: `Mount ${folder}, where it leads` },
    });
  });

  test('does not start for a call that was given up', async () => {
    const signal = AbortSignal.abort(new Error('given up'));
    await expect(open({ session: 's1', command: ['/bin/true'] }, signal)).rejects.toThrow('given up');
  });
});

describe('on macOS, over a stand-in', () => {
  test('a folder is in the profile by its path, whatever that is, and its covers are', async () => {
    const folder = join(await makeFolder(), 'a "b")\n(allow default)');
    await mkdir(folder);
    const covers = [{ path: '.env', kind: 'file' as const }];
    const { sandbox, said } = await seatbelt({
      command: ['/bin/cat', join(folder, 'file')],
      mounts: [{ name: 'a', folder, access: 'ro', covers }],
    });
    expect(await sandbox.ended).toEqual({ exitCode: 1 });
    const words = await said();
    const named = words.slice(0, -1).map((word) => word.replace(/^PATH_\d+=/, ''));
    for (const path of [folder, dirname(folder), `${folder}/.env`]) expect(named).toContain(path);
    expect(words.at(-1)).toContain('(deny default)');
    expect(words.at(-1)).not.toContain('allow default');
  });

  test('what cannot change is refused, and what does not hold is told', async () => {
    const folder = await makeFolder();
    const mount = { name: 'a', folder, access: 'rw' as const };
    const { sandbox } = await seatbelt({ mounts: [mount] });
    expect(sandbox.mounts).toEqual([mount]);
    for (const asked of [sandbox.mount(mount), sandbox.unmount('a'), sandbox.uncover('a')])
      await expect(asked).rejects.toMatchObject({ code: 'mount_failed', hint: 'Start it anew with it' });
    for (const asked of [sandbox.reach(80), sandbox.share(80)])
      await expect(asked).rejects.toMatchObject({ code: 'port_refused' });
    const told = sandbox.weaknesses.join('\n');
    for (const word of ['never on macOS', 'own paths', 'memory', 'loopback', 'group'])
      expect(told).toContain(word);
    expect(told).not.toContain('proxy');
  });

  test('a path that is not its own, and scratch at a path, are refused before anything runs', async () => {
    const shown = [{ source: '/usr/bin/env', at: '/run/env' }];
    const code = { code: 'sandbox_unavailable' };
    await expect(seatbelt({ shown })).rejects.toMatchObject({
      ...code,
      message: 'on macOS nothing is at another path than its own, as /run/env would be',
    });
    await expect(seatbelt({ scratch: ['/run/out'] })).rejects.toMatchObject(code);
    await seatbelt({ shown: [{ source: '/usr/bin/env', at: '/usr/bin/env' }] });
  });

  test('a profile that is not read leaves nothing running, and says why', async () => {
    const folder = await makeFolder();
    const program = join(folder, 'sandbox-exec');
    await writeFile(program, '#!/bin/sh\necho "sandbox-exec: unbound variable: x" >&2; exit 65\n');
    await chmod(program, 0o755);
    const opening = SeatbeltSandbox.open({ session: 's1', command: ['/bin/true'] }, soon(), program);
    await expect(opening).rejects.toMatchObject({
      ...{
        code: 'sandbox_not_started',
        message: 'the sandbox did not start: sandbox-exec: unbound variable: x',
      },
    });
    const none = SeatbeltSandbox.open({ session: 's1', command: ['/bin/true'] }, soon(), `${folder}/none`);
    await expect(none).rejects.toMatchObject({ code: 'sandbox_not_started' });
  });

  test('what never begins is given up in time', async () => {
    const program = join(await makeFolder(), 'sandbox-exec');
    await writeFile(program, '#!/bin/bash\nexec sleep 600\n');
    await chmod(program, 0o755);
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    onTestFinished(() => void vi.useRealTimers());
    let outcome: unknown;
    SeatbeltSandbox.open({ session: 's1', command: ['/bin/true'] }, soon(), program).catch(
      (error: unknown) => (outcome = error),
    );
    while (outcome === undefined) {
      vi.advanceTimersByTime(15_000);
      await nextTurn();
    }
    expect(outcome).toMatchObject({
      code: 'sandbox_not_started',
      message: 'the sandbox did not start: nothing was said within 15 s',
    });
  });

  test('domains go through a proxy of this process, which ends with the sandbox', async () => {
    const web = createServer((_, answer) => answer.end('page')).listen(0, '127.0.0.1');
    onTestFinished(() => void web.close());
    await once(web, 'listening');
    const address = web.address();
    const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
    const { sandbox, said } = await seatbelt({
      command: [
        '/bin/bash',
        '-c',
        'echo $http_proxy; for host in shop other; do curl -s http://$host.example; echo; done; cat',
      ],
      network: { mode: 'allowlist', domains: ['shop.example'] },
      outside: {
        resolve: () => Promise.resolve(['93.184.216.34']),
        connect: async () => {
          const socket = connect(port, '127.0.0.1');
          await once(socket, 'connect');
          return socket;
        },
      },
    });
    sandbox.stdin.end();
    const [proxy = '', shop, other] = (await text(sandbox.stdout)).split('\n');
    expect(shop).toBe('page');
    expect(other).toContain('other.example at port 80 is not allowed from this sandbox');
    const proxyPort = Number(new URL(proxy).port);
    expect((await said()).at(-1)).toContain(`(allow network-outbound (remote ip "localhost:${proxyPort}"))`);
    expect(sandbox.weaknesses.join('\n')).toContain('proxy');
    await sandbox.close();
    const socket = connect(proxyPort, '127.0.0.1');
    const [error] = await once(socket, 'error').catch((reason: unknown) => [reason]);
    expect(error).toMatchObject({ code: 'ECONNREFUSED' });
  });
});

import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { checkSandbox, Sandbox } from '../src/index.ts';
import { diagnose, type Facts } from '../src/diagnosis.ts';

test('this machine has what a sandbox needs', async () => {
  const check = await checkSandbox(AbortSignal.timeout(20_000));
  expect(check.ok ? check.program : check).toMatch(/^bubblewrap \d+\.\d+\.\d+$/);
  expect(check.ok && check.weaknesses.filter((words) => words.includes('ports'))).toEqual([]);
});

const healthy: Facts = {
  platform: 'linux',
  missing: [],
  bubblewrap: '0.8.0',
  isRoot: false,
  isInContainer: false,
  isFiltered: false,
  unprivilegedNamespaces: '1',
  maxNamespaces: '95000',
  apparmorRestricts: null,
  profile: 'unconfined',
  words: 'unshare: unshare failed: Operation not permitted',
};

test.each<[string, Partial<Facts>, RegExp, RegExp]>([
  ['another system', { platform: 'win32' }, /no sandbox for win32/, /Linux/],
  [
    'macOS without its program',
    { platform: 'darwin', missing: ['sandbox-exec'] },
    /^Not there: \/usr\/bin\/sandbox-exec$/,
    /part of macOS/,
  ],
  [
    'macOS that reads the profile otherwise',
    { platform: 'darwin', words: 'sandbox-exec: unbound variable' },
    /^sandbox-exec: unbound variable$/,
    /Report it/,
  ],
  ['no bubblewrap', { missing: ['bwrap'] }, /Not installed: bwrap/, /^apt-get install bubblewrap/],
  ['an old bubblewrap', { bubblewrap: '0.4.1' }, /0\.4\.1 is too old/, /apt-get install bubblewrap/],
  ['no namespaces', { maxNamespaces: '0' }, /max_user_namespaces/, /^sysctl -w user\.max_user_namespaces=/],
  [
    'Debian of old',
    { unprivilegedNamespaces: '0' },
    /to root only/,
    /^sysctl -w kernel\.unprivileged_userns_clone=1/,
  ],
  [
    'a folder for temporary files that is for root alone',
    {
      isRoot: true,
      words: "bwrap: Can't find source path /root/tmp/deskhand-sandbox-Ab1/mnt: Permission denied",
    },
    /for root may not enter \/root\/tmp$/,
    /TMPDIR=\/tmp/,
  ],
  ['Ubuntu', { apparmorRestricts: '1' }, /AppArmor/, /apparmor_restrict_unprivileged_userns=0/],
  [
    'Ubuntu, in the words of bubblewrap',
    { apparmorRestricts: '1', isFiltered: true, words: 'bwrap: setting up uid map: Permission denied' },
    /AppArmor keeps programs without a profile/,
    /apparmor_restrict_unprivileged_userns=0/,
  ],
  [
    'a profile of a container',
    { profile: 'docker-default (enforce)', isInContainer: true, words: 'mount: /x: permission denied.' },
    /^The AppArmor profile docker-default/,
    /^docker run --security-opt apparmor=unconfined/,
  ],
  [
    'a profile of this program',
    {
      profile: 'snap.deskhand (enforce)',
      words: 'unshare: write failed /proc/self/uid_map: Permission denied',
    },
    /snap\.deskhand/,
    /^aa-complain snap\.deskhand/,
  ],
  [
    'a profile that does not confine, and a filter that does',
    { profile: 'crun (complain)', isFiltered: true, apparmorRestricts: '1' },
    /seccomp/,
    /--security-opt seccomp=unconfined/,
  ],
  [
    'a filter that is not it',
    { isFiltered: true, words: 'bwrap: permission denied' },
    /^bwrap:/,
    /Report it/,
  ],
  ['a container', { isInContainer: true }, /container/, /--security-opt seccomp=unconfined/],
  ['a filter of system calls', { isFiltered: true }, /container/, /--security-opt/],
  ['anything else', {}, /^unshare: unshare failed/, /Report it/],
  ['other words', { words: 'out of luck', apparmorRestricts: '1' }, /^out of luck$/, /Report it/],
])('%s: the cause and what mends it', (_, facts, cause, fix) => {
  const lack = diagnose({ ...healthy, ...facts });
  expect(lack.cause).toMatch(cause);
  expect(lack.fix).toMatch(fix);
});

test('root is not told of what holds for others only', () => {
  const facts = { ...healthy, isRoot: true, unprivilegedNamespaces: '0', apparmorRestricts: '1' };
  expect(diagnose(facts).cause).toBe(healthy.words);
});

test('a newer bubblewrap is no older one', () => {
  expect(diagnose({ ...healthy, bubblewrap: '0.11.0' }).cause).toBe(healthy.words);
});

const PACKAGE = join(import.meta.dirname, '..');
const ZOD = dirname(createRequire(import.meta.url).resolve('zod/package.json'));
const scriptOf = (folder: string): string =>
  `import { checkSandbox } from '${folder}/dist/index.js';
  console.log(JSON.stringify(await checkSandbox(AbortSignal.timeout(20_000))));`;

/** What is found out behind a preparation in a user namespace of its own. */
async function checkBehind(
  unshare: readonly string[],
  preparation: string,
  check = scriptOf(PACKAGE),
): Promise<unknown> {
  const script = `${preparation} && exec "$0" --input-type=module --eval "$1"`;
  const args = [...unshare, '/bin/sh', '-c', script, process.execPath, check];
  const { stdout } = await promisify(execFile)('unshare', args, { timeout: 50_000 });
  return JSON.parse(stdout);
}

test('root of a container that knows no other user has a sandbox, with rights that are told', async () => {
  const check = await checkBehind(['--user', '--map-root-user', '--mount'], 'true');
  expect(check).toMatchObject({ ok: true });
  expect(JSON.stringify(check)).toContain('it has the rights of root on the mounted folders');
});

test('what the person has in .bashrc is no part of a start', async () => {
  const settings =
    'mount -t tmpfs tmpfs /mnt && mkdir /mnt/upper /mnt/work && ' +
    '{ mount -t overlay overlay -o lowerdir=/root,upperdir=/mnt/upper,workdir=/mnt/work /root && : >>/root/.bashrc || mount -t tmpfs tmpfs /root; } && ' +
    "echo 'exit 7' >/root/.bashrc";
  const asRoot = ['--user', '--map-root-user', '--mount'];
  // on a socket, as here, bash believes that it was started from another computer, and reads it
  const plain = `import { spawnSync } from 'node:child_process';
    const env = { PATH: '/usr/bin:/bin' };
    const statusOf = (...options) => spawnSync('bash', [...options, '-c', 'true'], { env }).status;
    console.log(JSON.stringify([statusOf('--norc'), statusOf()]));`;
  expect(await checkBehind(asRoot, settings, plain)).toEqual([0, 7]);
  expect(await checkBehind(asRoot, settings)).toMatchObject({ ok: true });
});

describe('a machine that really lacks something is told what', () => {
  test('bubblewrap', async () => {
    const hidden =
      'mount -t tmpfs tmpfs /mnt && mkdir /mnt/upper /mnt/work && ' +
      'mount -t overlay overlay -o lowerdir=/usr/bin,upperdir=/mnt/upper,workdir=/mnt/work /usr/bin && rm /usr/bin/bwrap';
    expect(await checkBehind(['--user', '--map-root-user', '--mount'], hidden)).toMatchObject({
      ...{ ok: false, cause: 'Not installed: bwrap' },
    });
  });

  test('user namespaces', async () => {
    const none = 'echo 0 > /proc/sys/user/max_user_namespaces';
    expect(await checkBehind(['--user', '--map-user=1000', '--keep-caps'], none)).toMatchObject({
      ...{ ok: false, fix: 'sysctl -w user.max_user_namespaces=15000' },
    });
  });

  test('system calls that a filter takes away, as in a container', async () => {
    const sandbox = await Sandbox.open(
      {
        session: 'filtered',
        command: ['/run/node', '--input-type=module', '--eval', scriptOf('/run/repo/packages/sandbox')],
        shown: [
          { source: process.execPath, at: '/run/node' },
          { source: PACKAGE, at: '/run/repo/packages/sandbox' },
          { source: ZOD, at: '/run/repo/node_modules/zod' },
        ],
      },
      AbortSignal.timeout(20_000),
    );
    try {
      const said = await text(sandbox.stdout);
      expect(JSON.parse(said)).toMatchObject({ ok: false });
      expect(said).toContain('lets it make no namespaces: its filter of system calls (seccomp)');
    } finally {
      await sandbox.close();
    }
  });
});

import { expect, test } from 'vitest';
import { checkSandbox } from '../src/index.ts';
import { diagnose, type Facts } from '../src/diagnosis.ts';

test('this machine has what a sandbox needs', async () => {
  const check = await checkSandbox(AbortSignal.timeout(20_000));
  expect(check.ok ? check.bubblewrap : check).toMatch(/^\d+\.\d+\.\d+$/);
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
  words: 'unshare: unshare failed: Operation not permitted',
};

test.each<[string, Partial<Facts>, RegExp, RegExp]>([
  ['another system', { platform: 'darwin' }, /no sandbox for darwin/, /Linux/],
  ['no bubblewrap', { missing: ['bwrap'] }, /Not installed: bwrap/, /^apt-get install bubblewrap/],
  ['an old bubblewrap', { bubblewrap: '0.4.1' }, /0\.4\.1 is too old/, /apt-get install bubblewrap/],
  ['no namespaces', { maxNamespaces: '0' }, /max_user_namespaces/, /^sysctl -w user\.max_user_namespaces=/],
  [
    'Debian of old',
    { unprivilegedNamespaces: '0' },
    /to root only/,
    /^sysctl -w kernel\.unprivileged_userns_clone=1/,
  ],
  ['Ubuntu', { apparmorRestricts: '1' }, /AppArmor/, /apparmor_restrict_unprivileged_userns=0/],
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

import { describe, expect, test } from 'vitest';
import { seatbeltProfile, type SeatbeltOptions } from '../../src/seatbelt/seatbelt-profile.ts';

/** The rules that are not those of every profile, with the paths that their parameters stand for. */
function rulesOf(options: Partial<SeatbeltOptions>): readonly string[] {
  const whole: SeatbeltOptions = {
    ...{ mounts: [], shown: [], scratch: [], network: { mode: 'none' }, proxyPort: null },
    ...options,
  };
  const { text, parameters } = seatbeltProfile(whole);
  const values = new Map(parameters);
  const ofAll = seatbeltProfile({ ...whole, mounts: [], shown: [], scratch: [], network: { mode: 'none' } });
  return text
    .split('\n')
    .filter((line) => !ofAll.text.split('\n').includes(line))
    .map((line) => line.replaceAll(/\(param "(\w+)"\)/g, (_, name: string) => values.get(name) ?? name));
}

const above = (...folders: readonly string[]): string =>
  `(allow file-read-metadata (literal "/") (literal "/etc") (literal "/tmp") (literal "/var") (literal "/private") (literal "/private/etc") (literal "/private/var") (literal "/dev") (literal "/usr") (literal "/opt")${folders.map((path) => ` (literal ${path})`).join('')})`;

const WORK = '/Users/ada/work';

test('nothing is allowed that is not said, and nothing of the person is', () => {
  const { text, parameters } = seatbeltProfile({
    ...{ mounts: [], shown: [], scratch: [], network: { mode: 'none' }, proxyPort: null },
  });
  expect(text.split('\n').slice(0, 2)).toEqual(['(version 1)', '(deny default)']);
  expect(text).not.toMatch(
    /network|\/Users|\/Volumes\/Data|\(subpath "\/(?:private|var|usr|System|Library)?"\)/,
  );
  expect(text).not.toMatch(/process-info\*\)|signal\)|mach-lookup\)|sysctl-read\)|kern\.proc/);
  expect(text.match(/file-write\S*/g)).toEqual(['file-write-data']);
  expect(parameters).toEqual([]);
});

describe('folders', () => {
  test('are read, and written where they are given so', () => {
    const mounts = [
      { name: 'in', folder: '/Users/ada/in', access: 'ro' as const },
      { name: 'out', folder: '/Users/ada/out', access: 'rw' as const },
    ];
    expect(rulesOf({ mounts, shown: ['/opt/node'], scratch: ['/private/var/x/home'] })).toEqual([
      above('/Users/ada', '/Users', '/opt', '/private/var/x', '/private/var', '/private'),
      '(allow file-read* file-map-executable (subpath /opt/node) (subpath /private/var/x/home) (subpath /Users/ada/in) (subpath /Users/ada/out))',
      '(allow file-write* (subpath /private/var/x/home) (subpath /Users/ada/out))',
    ]);
  });

  test('have covers that hold after what allows, and do not go with the folder that they are in', () => {
    const covers = [
      { path: 'a/.env', kind: 'file' as const },
      { path: 'keys', kind: 'folder' as const },
      { path: 'a/.git/config', kind: 'kept' as const },
      { path: 'a/.git', kind: 'pinned' as const },
    ];
    expect(rulesOf({ mounts: [{ name: 'work', folder: WORK, access: 'rw', covers }] })).toEqual([
      above('/Users/ada', '/Users'),
      `(allow file-read* file-map-executable (subpath ${WORK}))`,
      `(allow file-write* (subpath ${WORK}))`,
      `(deny file-write* (subpath ${WORK}/a/.git/config))`,
      `(deny file-write-unlink (literal ${WORK}/a/.git) (literal ${WORK}/a))`,
      `(deny file-read* file-write* file-map-executable (subpath ${WORK}/a/.env) (subpath ${WORK}/keys))`,
      `(allow file-read-metadata (literal ${WORK}/a/.env) (literal ${WORK}/keys))`,
    ]);
  });

  test.each([
    '"))(allow default)(deny file-read* (subpath "/x',
    String.raw`back\slash\"))(allow default)`,
    'a)(allow file-read* (subpath "/")',
    'line\n(allow default)',
    "quo'te ;comment",
    '(param "PATH_0")',
    'Ünïcode 日本',
  ])('that are named %j are no rules', (name) => {
    const folder = `/Users/ada/${name}`;
    const cover = { path: `${name}/.env`, kind: 'file' as const };
    const profileOf = (mounts: SeatbeltOptions['mounts']): ReturnType<typeof seatbeltProfile> =>
      seatbeltProfile({ mounts, shown: [], scratch: [], network: { mode: 'none' }, proxyPort: null });
    const named = profileOf([{ name: 'x', folder, access: 'rw', covers: [cover] }]);
    const plain = name.replaceAll(/[^/]+/g, 'plain');
    const other = { name: 'x', folder: `/Users/ada/${plain}`, access: 'rw' as const };
    expect(named.text).toBe(profileOf([{ ...other, covers: [{ ...cover, path: `${plain}/.env` }] }]).text);
    expect(named.parameters.map(([, value]) => value)).toContain(folder);
  });
});

test.each<[string, Partial<SeatbeltOptions>, readonly string[]]>([
  ['none', { network: { mode: 'none' }, proxyPort: 50_000 }, []],
  ['local', { network: { mode: 'local' }, proxyPort: 50_000 }, []],
  [
    'local with ports',
    { network: { mode: 'local', hostPorts: [5432], sharedPorts: [3000] } },
    [
      '(allow network-outbound (remote ip "localhost:5432") (remote ip "localhost:3000"))',
      '(allow network-bind network-inbound (local ip "localhost:3000"))',
    ],
  ],
  [
    'local with the private network',
    { network: { mode: 'local', lan: true }, proxyPort: 50_000 },
    ['(allow network-outbound (remote ip "localhost:50000"))'],
  ],
  [
    'allowlist',
    { network: { mode: 'allowlist', domains: ['example.com'] }, proxyPort: 50_000 },
    ['(allow network-outbound (remote ip "localhost:50000"))'],
  ],
])('the network %s leads to ports of the loopback alone', (_, options, rules) => {
  expect(rulesOf(options)).toEqual(rules);
});

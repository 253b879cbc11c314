import { expect, test } from 'vitest';
import { requestRefusalOf } from '../../src/folders/refusal.ts';

const about = { home: '/home/ada/.local/state/deskhand', homedir: '/home/ada' };

test.each([
  ...[
    '/',
    '/etc',
    '/usr',
    '/usr/share/x',
    '/etc/ssl',
    '/proc/1',
    '/home',
    '/root',
    '/tmp',
    '/var',
    '/run/user',
  ],
  ...['/home/ada', '/home/bob', '/Users/eve', '/home/ada/.local', '/home/ada/.local/state/deskhand/ledger'],
  ...[
    '/home/ada/.ssh',
    '/home/ada/.aws/x',
    '/home/ada/.config/autostart',
    '/home/ada/.vscode',
    '/srv/x/.git/hooks',
  ],
])('%s is not given to an agent', (folder) => expect(requestRefusalOf(folder, about)).not.toBeNull());

test.each([
  '/home/ada/work',
  '/srv/data',
  '/tmp/x',
  '/var/www',
  '/run/media/ada/stick',
  '/home/ada/.local/share/app',
])('%s may be asked for', (folder) => expect(requestRefusalOf(folder, about)).toBeNull());

test('a home may be anywhere, and so may the state', () => {
  const elsewhere = { home: '/srv/state/deskhand', homedir: '/data/people/ada' };
  for (const folder of ['/data', '/data/people/ada', '/srv/state', '/srv']) {
    expect(requestRefusalOf(folder, elsewhere)).not.toBeNull();
  }
  expect(requestRefusalOf('/data/people/ada/work', elsewhere)).toBeNull();
  expect(requestRefusalOf('/srv/stateless', elsewhere)).toBeNull();
});

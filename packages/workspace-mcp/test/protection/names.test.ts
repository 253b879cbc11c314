import { expect, test } from 'vitest';
import { protectionOf, protectionOfName } from '../../src/protection/names.ts';

const SECRETS = [
  ...[
    '.env',
    'a/.env.local',
    '.ENV',
    '.env.production',
    'deploy/id_rsa',
    'id_ed25519',
    'x.p12',
    'vault.kdbx',
  ],
  ...['.netrc', '.git-credentials', 'config/credentials.json', 'secrets.yaml', 'service-account-x.json'],
  ...['.ssh/config', 'home/.aws/credentials', '.gnupg/x', '.config/gh/hosts.yml', '.docker/config.json'],
];
const KEPT = [
  ...['.git/hooks/pre-commit', 'a/b/.git/config', '.git/modules/x/hooks/y', '.git', 'sub/.git'],
  ...[
    '.bashrc',
    '.zshenv',
    '.mcp.json',
    '.vscode/tasks.json',
    '.claude/settings.json',
    '.gitmodules',
    '.MCP.json',
  ],
  ...['.config/autostart/x.desktop', '.husky/pre-commit', '.config/systemd/user/x.service'],
];
const FREE = [
  ...[
    'env',
    '.env.example',
    'environment',
    'a.env',
    'src/index.ts',
    '.gitignore',
    '.git/index',
    '.git/refs/heads/x',
  ],
  ...[
    'hooks/use-x.ts',
    'config',
    'bashrc',
    'id_rsa.pub',
    '.github/workflows/ci.yml',
    'docs/.env.sample',
    '.',
  ],
  ...['.config/app/x', 'ssh/config', 'secrets.md', 'a.key', 'cert.pem'],
];

test.each(SECRETS)('%s is a secret', (path) => expect(protectionOf(path)).toBe('secret'));
test.each(KEPT)('%s is kept as it is', (path) => expect(protectionOf(path)).toBe('kept'));
test.each(FREE)('%s is like any other', (path) => expect(protectionOf(path)).toBeNull());

test('of a key file it depends on what is in it', () => {
  expect(protectionOfName('certs/', 'a.pem', false)).toBe('key');
  expect(protectionOfName('certs/', 'a.pem', true)).toBeNull();
});

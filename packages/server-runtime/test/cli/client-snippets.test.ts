import { describe, expect, test, vi } from 'vitest';
import { parse as parseToml } from 'smol-toml';
import { CLIENTS, type Launch } from '../../src/cli/client-snippets.ts';
import { binFile, PATIENCE_MS, Place } from '../fixtures/bin.ts';

vi.setConfig({ testTimeout: PATIENCE_MS });

const LAUNCH: Launch = {
  name: 'computer-use-mcp',
  command: '/usr/bin/node',
  args: ['/opt/it is here/cli.js', '--read-only'],
  env: { DISPLAY: ':0' },
};

describe('what goes into the settings of', () => {
  test.each(Object.entries(CLIENTS).map(([key, format]) => ({ key, format })))('$key', ({ format }) => {
    expect(`${format.where}\n${format.text(LAUNCH)}`).toMatchSnapshot();
  });

  test.each(Object.entries(CLIENTS).map(([key, format]) => ({ key, format })))(
    '$key, without variables',
    ({ format }) => {
      expect(format.text({ ...LAUNCH, env: {} })).not.toMatch(/env/);
    },
  );
});

test('a path of any characters comes through TOML as it is', () => {
  const path = 'C:\\some "folder"\\é\t\u007f';
  const text = CLIENTS['codex']?.text({ ...LAUNCH, command: path, env: { A: path } }) ?? '';
  expect(parseToml(text)).toEqual({
    mcp_servers: { 'computer-use-mcp': { command: path, args: LAUNCH.args, env: { A: path } } },
  });
});

describe('the command config', () => {
  test('prints the text alone, so that it can be piped, and says on stderr where it goes', async () => {
    const place = new Place();
    const { code, stdout, stderr } = await place.run(['config', 'cursor', '--', '--read-only'], {
      env: { FIXTURE_DISPLAY: ':7', SECRET: 'not for servers' },
    });
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: 'Cursor: Into ~/.cursor/mcp.json, or .cursor/mcp.json of a project.\n',
    });
    expect(JSON.parse(stdout)).toEqual({
      mcpServers: {
        'fixture-bin': {
          command: process.execPath,
          args: [binFile, '--read-only'],
          env: { DESKHAND_HOME: place.home, FIXTURE_DISPLAY: ':7' },
        },
      },
    });
  });

  test('can name the published package instead, and call the server otherwise', async () => {
    const { stdout } = await new Place().run(['config', 'vscode', '--npx', '--name', 'mine'], {
      env: { DESKHAND_HOME: '' },
    });
    expect(JSON.parse(stdout)).toEqual({
      servers: { mine: { type: 'stdio', command: 'npx', args: ['-y', '@example/fixture-bin'] } },
    });
  });

  test('without a client prints all, each with where it goes', async () => {
    const { stdout } = await new Place().run(['config']);
    for (const [key, { title, where }] of Object.entries(CLIENTS)) {
      expect(stdout).toContain(`# ${title} (${key})\n# ${where}\n`);
    }
  });

  test('knows a client that is nearly named', async () => {
    const { code, stderr } = await new Place().run(['config', 'cursr']);
    expect(code).toBe(1);
    expect(stderr).toContain('there is no client `cursr`. Did you mean `cursor`?');
  });

  test('refuses a name that a client could not take', async () => {
    expect((await new Place().run(['config', 'codex', '--name', 'a.b'])).stderr).toContain('letters, digits');
  });
});

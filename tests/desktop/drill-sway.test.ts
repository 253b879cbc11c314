import { mkdirSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

import { cellsOf } from '@deskhand/computer-use-mcp/drill';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';

import { makeFolders, homeEnvironment } from '../lab/desktop.ts';
import { eventually } from '../lab/eventually.ts';
import { startProcess, type Environment } from '../lab/owned-process.ts';
import { startSway, type SwayLab } from '../lab/sway.ts';
import { makeTemporaryFolder } from '../lab/temporary-folder.ts';
import { openOnSway } from '../lab/wayland-application.ts';
import { inRepository } from '../lab/workspace.ts';

/** Each action compares pictures, which takes long on a slow machine. */
const DRILL_MS = 240_000;
const BIN = inRepository('packages/computer-use-mcp/dist/cli.js');
/** A way to act, two to look, and one to act that sway does not have. */
const USES = ['key', 'screenshot', 'list_windows', 'hold_key'];

const Report = z.object({
  wrong: z.array(z.string()),
  cells: z.array(z.object({ tool: z.string(), outcome: z.string() })),
});

let lab: SwayLab;
beforeAll(async () => {
  lab = await startSway();
  mkdirSync(join(lab.folder, 'work'));
});
afterAll(() => lab.close());

/** Starts the command as a person does. */
const start = (env: Environment, cwd: string, args: readonly string[]) =>
  startProcess({ command: process.execPath, args: [BIN, 'drill', ...args], env, cwd });

const inSession = (...args: readonly string[]) => start(lab.env, join(lab.folder, 'work'), args);

const foldersIn = (env: Environment): readonly string[] =>
  readdirSync(env['TMPDIR'] ?? '').filter((name) => name.startsWith('deskhand-'));

const windows = async (): Promise<number> =>
  [...(await lab.ask('-r', '-t', 'get_tree')).matchAll(/"shell":/g)].length;

describe('in a session of sway', () => {
  test(
    'tools are allowed and refused as they must be, and nothing is left behind',
    async () => {
      const only = USES.flatMap((use) => ['--only', use]);
      const drill = inSession(...only, '--json', '--junit', 'drill.xml', '--html', 'drill.html');
      let out = '';
      drill.onLine((line) => (out = line));
      const { code } = await drill.exited;
      const { wrong, cells } = Report.parse(JSON.parse(out));
      expect({ code, wrong, stderr: drill.stderr() }).toEqual({ code: 0, wrong: [], stderr: '' });
      expect(cells).toHaveLength(cellsOf(USES).length);
      const held = cells.filter(({ tool }) => tool === 'hold_key');
      expect(new Set(held.map(({ outcome }) => outcome))).toEqual(new Set(['not_on_this_desktop']));
      const [xml, html] = ['drill.xml', 'drill.html'].map((name) =>
        readFileSync(join(lab.folder, 'work', name), 'utf8'),
      );
      expect(xml).toContain(`tests="${cells.length}" failures="0"`);
      expect(html).toContain('<td class="lacks">');
      expect(html).toContain('src="data:image/');
      expect(foldersIn(lab.env)).toEqual([]);
      // sway hears of the end of a program later than whoever started it
      await eventually('no windows', async () => (await windows()) === 0);
    },
    DRILL_MS,
  );

  test('where a person has windows open it asks for --yes', async () => {
    const theirs = await openOnSway(lab, { command: 'zenity', args: ['--info', '--text=open'] });
    const refused = inSession('--only', 'wait');
    expect((await refused.exited).code).toBe(1);
    expect(refused.stderr()).toMatch(/1 windows are open on sway, and the drill takes over/);
    await theirs.close();
  });
});

test(
  'without a desktop it makes a sway that nobody sees',
  async () => {
    const folder = await makeTemporaryFolder();
    await makeFolders(folder.path);
    const env = homeEnvironment(folder.path, false);
    const drill = start(env, folder.path, ['--backend', 'sway', '--only', 'get_frontmost']);
    expect((await drill.exited).code, drill.stdout()).toBe(0);
    expect(drill.stderr()).toBe('On a sway of its own, which nobody sees.\n');
    expect(drill.stdout()).toMatch(/get_frontmost +in front +ok +ok +ok +ok +ok +ok +ok +ok/);
    expect(foldersIn(env)).toEqual([]);
    await folder.close();
  },
  DRILL_MS,
);

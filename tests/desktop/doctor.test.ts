import { expect, onTestFinished, test } from 'vitest';

import { startDesktop, type Desktop } from '../lab/desktop.ts';
import { startProcess } from '../lab/owned-process.ts';
import { inRepository } from '../lab/workspace.ts';

async function linesOf({ env, folder }: Desktop, more: Desktop['env'] = {}): Promise<readonly string[]> {
  const doctor = startProcess({
    command: process.execPath,
    args: [inRepository('packages/computer-use-mcp/dist/cli.js'), 'doctor'],
    env: { ...env, ...more },
    cwd: folder,
  });
  await doctor.exited;
  return doctor.stdout().split('\n');
}

const lineOf = (lines: readonly string[], name: string): string | undefined =>
  lines.find((line) => line.includes(` ${name}: `));

test('doctor really does each thing with a desktop, and says what is missing with how to mend it', async () => {
  const desktop = await startDesktop({ wm: 'openbox' });
  onTestFinished(() => desktop.close());
  const lines = await linesOf(desktop);
  for (const name of [
    ...['capture a pixel of the display', 'read the frontmost window', 'move the pointer to where it is'],
    ...['find the extensions of the X server', 'find the window manager', 'reach the clipboard'],
    ...["tell a person's input from a program's", 'see whether the screen is locked', 'encode a picture'],
    'recognise text',
  ]) {
    expect(lineOf(lines, name)).toMatch(/^ok /);
  }
  expect(lineOf(lines, 'find the window manager')).toContain('Openbox');
  process.kill(desktop.wmPid, 'SIGKILL');
  const without = await linesOf(desktop);
  const at = without.findIndex((line) => line.startsWith('failed find the window manager: none runs'));
  expect(without[at + 1]).toContain('Start one');
});

test('without a display doctor says so once, and what to do', async () => {
  const desktop = await startDesktop({ wm: 'openbox' });
  onTestFinished(() => desktop.close());
  const lines = await linesOf(desktop, { DISPLAY: '', XAUTHORITY: '' });
  expect(lines.filter((line) => line.includes('DISPLAY is not set'))).toEqual([
    'failed capture a pixel of the display: DISPLAY is not set',
  ]);
  expect(lines.join('\n')).toContain('Run it in a graphical session, or name one: --display :0');
});

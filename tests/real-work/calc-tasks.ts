import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';

import { openApplication } from '../lab/application.ts';
import type { Desktop } from '../lab/desktop.ts';
import { run } from '../lab/owned-process.ts';
import type { Task } from './task.ts';
import type { Worker } from './worker.ts';

const OFFICE = '/usr/lib/libreoffice/program/soffice.bin';
const QUIET = ['--norestore', '--nologo', '--nofirststartwizard'];
const apps = [OFFICE];

const fileOf = (desktop: Desktop, name: string): string => join(desktop.folder, 'home', name);

const withFile = (name: string, content: string) => async (desktop: Desktop) => {
  const env = { SAL_USE_VCLPLUGIN: 'gtk3' };
  const file = fileOf(desktop, name);
  await writeFile(file, content);
  // the first start only makes the profile
  await run({
    command: OFFICE,
    args: ['--headless', '--terminate_after_init', ...QUIET],
    env: { ...desktop.env, ...env },
    cwd: desktop.folder,
  });
  const args = [...QUIET, '--calc', file];
  const office = await openApplication(desktop, { command: OFFICE, args, env, withinMs: 60_000 });
  await office.activate();
};

/** Answers how the text is read, and waits for the window: keys that come before it is built are lost. */
async function openSheet(worker: Worker, name: string): Promise<void> {
  await worker.press('OK', { role: 'button' });
  await worker.front(name);
  await worker.seen({ name: 'Sheet', role: 'menu' });
}

// cells are reached by key: LibreOffice 7.4 tells their places a row too high
async function keepCsv(worker: Worker): Promise<void> {
  await worker.key('ctrl+s');
  await worker.press(/^Use Text CSV/, { role: 'button' });
}

const has = (name: string, content: string) => async (desktop: Desktop) => {
  await expect.poll(() => readFile(fileOf(desktop, name), 'utf8')).toBe(content);
};

export const calcTasks: readonly Task[] = [
  {
    title: 'sum a column',
    apps,
    prepare: withFile('sums.csv', '12\n30\n'),
    work: async (worker) => {
      await openSheet(worker, 'sums.csv');
      await worker.key('ctrl+Home');
      await worker.key('Down', 2);
      await worker.type('=SUM(A1:A2)\n');
      await keepCsv(worker);
    },
    check: has('sums.csv', '12\n30\n42\n'),
  },
  {
    title: 'sort a list by its first column',
    apps,
    prepare: withFile('list.csv', 'pear,3\napple,1\nfig,2\n'),
    work: async (worker) => {
      await openSheet(worker, 'list.csv');
      await worker.key('ctrl+Home');
      await worker.pick('Data', 'Sort Ascending');
      await keepCsv(worker);
    },
    check: has('list.csv', 'apple,1\nfig,2\npear,3\n'),
  },
  {
    title: 'insert a row above the others and fill it',
    apps,
    prepare: withFile('rows.csv', 'b,2\nc,3\n'),
    work: async (worker) => {
      await openSheet(worker, 'rows.csv');
      await worker.key('ctrl+Home');
      await worker.pick('Sheet', 'Insert Rows', 'Rows Above');
      await worker.key('ctrl+Home');
      await worker.type('a\t1\n');
      await keepCsv(worker);
    },
    check: has('rows.csv', 'a,1\nb,2\nc,3\n'),
  },
];

import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';

import { openApplication } from '../lab/application.ts';
import type { Desktop } from '../lab/desktop.ts';
import type { Task } from './task.ts';
import type { Worker } from './worker.ts';

const apps = ['/usr/bin/thunar'];

const folderOf = (desktop: Desktop): string => join(desktop.folder, 'home', 'papers');
const namesIn = async (desktop: Desktop): Promise<readonly string[]> =>
  (await readdir(folderOf(desktop), { recursive: true })).toSorted();

/** A folder with two files, shown as a list, whose rows the window tells. */
async function prepare(desktop: Desktop): Promise<void> {
  const folder = folderOf(desktop);
  await mkdir(join(folder, 'archive'), { recursive: true });
  await writeFile(join(folder, 'bill.txt'), '42 EUR\n');
  await writeFile(join(folder, 'letter.txt'), 'Dear all\n');
  const thunar = await openApplication(desktop, { command: 'thunar', args: [folder] });
  await thunar.activate();
}

const asList = (worker: Worker): Promise<void> => worker.pick('View', 'List View');

export const thunarTasks: readonly Task[] = [
  {
    title: 'make a folder',
    apps,
    prepare,
    work: async (worker) => {
      await worker.pick('File', /^Create Folder/);
      await worker.front('Folder');
      await worker.key('ctrl+a');
      await worker.type('taxes');
      await worker.press('Create', { role: 'button' });
    },
    check: async (desktop) => {
      const names = ['archive', 'bill.txt', 'letter.txt', 'taxes'];
      await expect.poll(() => namesIn(desktop)).toEqual(names);
    },
  },
  {
    title: 'give a file another name',
    apps,
    prepare,
    work: async (worker) => {
      await asList(worker);
      await worker.press('bill.txt', { role: 'table cell' });
      await worker.pick('Edit', /^Rename/);
      await worker.front('Rename');
      await worker.key('ctrl+a');
      await worker.type('invoice.txt');
      await worker.press('Rename', { role: 'button' });
    },
    check: async (desktop) => {
      await expect.poll(() => namesIn(desktop)).toEqual(['archive', 'invoice.txt', 'letter.txt']);
      expect(await readFile(join(folderOf(desktop), 'invoice.txt'), 'utf8')).toBe('42 EUR\n');
    },
  },
  {
    title: 'move a file into a folder',
    apps,
    prepare,
    work: async (worker) => {
      await asList(worker);
      await worker.press('letter.txt', { role: 'table cell' });
      await worker.pick('Edit', 'Cut');
      await worker.press('archive', { role: 'table cell' });
      await worker.key('Return');
      await worker.front('archive');
      await worker.pick('Edit', 'Paste');
    },
    check: async (desktop) => {
      await expect.poll(() => namesIn(desktop)).toEqual(['archive', 'archive/letter.txt', 'bill.txt']);
    },
  },
];

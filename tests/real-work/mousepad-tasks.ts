import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';

import type { Desktop } from '../lab/desktop.ts';
import { openMousepad } from '../lab/mousepad.ts';
import type { Task } from './task.ts';

const homeOf = (desktop: Desktop): string => join(desktop.folder, 'home');
const notes = (desktop: Desktop): Promise<string> => readFile(join(homeOf(desktop), 'notes.txt'), 'utf8');

const withNotes = (text: string) => async (desktop: Desktop) => {
  await openMousepad(desktop, { text });
};

const apps = ['/usr/bin/mousepad'];

export const mousepadTasks: readonly Task[] = [
  {
    title: 'write a note and save it',
    apps,
    prepare: withNotes(''),
    work: async (worker) => {
      await worker.type('Grüße from 東京\nTwo lines.');
      await worker.pick('File', 'Save');
    },
    check: async (desktop) => {
      await expect.poll(() => notes(desktop)).toBe('Grüße from 東京\nTwo lines.');
    },
  },
  {
    title: 'replace a word everywhere',
    apps,
    prepare: withNotes('one cat, two cats\nno cat\n'),
    work: async (worker) => {
      await worker.pick('Search', /^Find and Replace/);
      await worker.front('Find and Replace');
      await worker.fill('', 'cat', { role: 'text', at: 0 });
      await worker.fill('', 'dog', { role: 'text', at: 1 });
      await worker.press('Replace all in:', { role: 'check box' });
      await worker.press('Replace All', { role: 'button' });
      await worker.press('Close', { role: 'button' });
      await worker.front('notes.txt');
      await worker.key('ctrl+s');
    },
    check: async (desktop) => {
      await expect.poll(() => notes(desktop)).toBe('one dog, two dogs\nno dog\n');
    },
  },
  {
    title: 'save under another name',
    apps,
    prepare: withNotes('the draft\n'),
    work: async (worker) => {
      await worker.key('ctrl+End');
      await worker.type('the end');
      await worker.pick('File', /^Save As/);
      await worker.front('Save As');
      await worker.key('ctrl+a');
      await worker.type('final.txt');
      await worker.press('Save', { role: 'button' });
      await worker.front('final.txt');
    },
    check: async (desktop) => {
      const final = () => readFile(join(homeOf(desktop), 'final.txt'), 'utf8');
      await expect.poll(final).toBe('the draft\nthe end');
      expect(await notes(desktop)).toBe('the draft\n');
    },
  },
  {
    title: 'turn a text into capitals',
    apps,
    prepare: withNotes('quiet words\n'),
    work: async (worker) => {
      await worker.key('ctrl+a');
      await worker.pick('Edit', 'Convert', 'To Uppercase');
      await worker.pick('File', 'Save');
    },
    check: async (desktop) => {
      await expect.poll(() => notes(desktop)).toBe('QUIET WORDS\n');
    },
  },
];

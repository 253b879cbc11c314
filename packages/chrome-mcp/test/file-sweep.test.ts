import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { sweepDownloads, sweepFiles } from '../src/file-sweep.ts';
import { OutputFiles } from '../src/output-files.ts';

let parent: string;

beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'deskhand-sweep-'));
});
afterEach(() => rm(parent, { recursive: true, force: true }));

const asIs = (text: string): string => text;

/** A session that wrote two files and a copy of an upload. */
async function session(name: string): Promise<OutputFiles> {
  const files = new OutputFiles(join(parent, name), asIs);
  await files.write('har', 'har', 'x'.repeat(1_000));
  await files.write('page', 'pdf', 'x'.repeat(1_000));
  await writeFile(join(await files.folder('upload'), 'copy.txt'), 'a copy');
  return files;
}

/** A date for whatever is in a folder, and for itself. */
async function setBack(name: string, days: number): Promise<void> {
  const then = new Date(Date.now() - days * 86_400_000);
  for (const entry of await readdir(join(parent, name))) await utimes(join(parent, name, entry), then, then);
  await utimes(join(parent, name), then, then);
}

const filesOf = async (name: string): Promise<readonly string[]> =>
  (await readdir(join(parent, name))).filter((entry) => !entry.startsWith('.'));

test('what a session that lives wrote is kept, however old it is', async () => {
  await session('living');
  await setBack('living', 400);
  await sweepFiles(parent, { mostMs: 1, mostBytes: 0 });
  expect(await filesOf('living')).toEqual(['har-1.har', 'page-2.pdf', expect.stringMatching(/^upload-/)]);
});

test('of a session that ended copies of uploads go at once, other files when they are old', async () => {
  await (await session('ended')).leave();
  await sweepFiles(parent);
  expect(await filesOf('ended')).toEqual(['har-1.har', 'page-2.pdf']);
  await setBack('ended', 31);
  await sweepFiles(parent);
  expect(await filesOf('ended')).toEqual([]);
  await setBack('ended', 31);
  await sweepFiles(parent);
  expect(await readdir(parent)).toEqual([]);
});

test('of a session whose process was killed they go as well', async () => {
  await mkdir(join(parent, 'killed', 'upload-Xy12ab'), { recursive: true });
  await writeFile(join(parent, 'killed', '.owner-999999999-1-abcd'), '');
  await writeFile(join(parent, 'killed', 'har-1.har'), '');
  await sweepFiles(parent);
  expect(await readdir(join(parent, 'killed'))).toEqual(['har-1.har']);
});

test('of too much the oldest goes', async () => {
  for (const [name, days] of [
    ['old', 3],
    ['new', 1],
  ] as const) {
    await (await session(name)).leave();
    await setBack(name, days);
  }
  await sweepFiles(parent, { mostMs: 86_400_000 * 30, mostBytes: 2_500 });
  expect([await filesOf('old'), await filesOf('new')]).toEqual([[], ['har-1.har', 'page-2.pdf']]);
});

test('nothing to sweep is nothing to do', async () => {
  await sweepFiles(join(parent, 'missing'));
  expect(await readdir(parent)).toEqual([]);
});

test('downloads go when they are old, or the oldest when they are too much; what just came stays', async () => {
  const limits = { mostMs: 86_400_000 * 30, mostBytes: 2_500 };
  const ages = { 'ancient.zip': 31, 'old.zip': 3, 'newer.zip': 2, 'today.zip': 0, 'now.zip': 0 };
  for (const [name, days] of Object.entries(ages)) {
    await writeFile(join(parent, name), 'x'.repeat(1_000));
    const then = new Date(Date.now() - days * 86_400_000);
    await utimes(join(parent, name), then, then);
  }
  await mkdir(join(parent, 'folder'));
  await sweepDownloads(parent, limits);
  expect(await readdir(parent)).toEqual(['folder', 'now.zip', 'today.zip']);
  await writeFile(join(parent, 'large.zip'), 'x'.repeat(3_000));
  await sweepDownloads(parent, limits);
  expect(await readdir(parent)).toEqual(['folder', 'large.zip', 'now.zip', 'today.zip']);
  await sweepDownloads(join(parent, 'missing'), limits);
});

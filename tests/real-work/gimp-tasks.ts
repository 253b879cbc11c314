import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { expect } from 'vitest';

import { openApplication } from '../lab/application.ts';
import type { Desktop } from '../lab/desktop.ts';
import type { Task } from './task.ts';
import type { Worker } from './worker.ts';

const GIMP = '/usr/bin/gimp-2.10';
const apps = [GIMP];
const RED = { r: 200, g: 0, b: 0 };
const BLUE = { r: 0, g: 0, b: 200 };
const SIZE = { width: 200, height: 100 };

const fileOf = (desktop: Desktop): string => join(desktop.folder, 'home', 'flag.png');

/** At its first start it runs each plug-in that it has, and there are more than a hundred. */
async function withOnePlugIn(desktop: Desktop): Promise<void> {
  const plugIns = join(desktop.folder, 'home', 'plug-ins');
  const settings = join(desktop.env['XDG_CONFIG_HOME'] ?? '', 'GIMP', '2.10');
  await mkdir(plugIns);
  await symlink('/usr/lib/gimp/2.0/plug-ins/file-png', join(plugIns, 'file-png'));
  await mkdir(settings, { recursive: true });
  await writeFile(join(settings, 'gimprc'), `(plug-in-path "${plugIns}")\n`);
}

/** Left half red, right half blue. */
async function prepare(desktop: Desktop): Promise<void> {
  const half = await sharp({ create: { ...SIZE, width: SIZE.width / 2, channels: 3, background: BLUE } })
    .png()
    .toBuffer();
  await sharp({ create: { ...SIZE, channels: 3, background: RED } })
    .composite([{ input: half, left: SIZE.width / 2, top: 0 }])
    .png()
    .toFile(fileOf(desktop));
  await withOnePlugIn(desktop);
  const gimp = await openApplication(desktop, {
    command: GIMP,
    args: ['--no-splash', '--new-instance', fileOf(desktop)],
    withinMs: 60_000,
  });
  await gimp.activate();
}

interface Picture {
  readonly size: { readonly width: number; readonly height: number };
  readonly at: (x: number, y: number) => { readonly r: number; readonly g: number; readonly b: number };
}

async function pictureIn(desktop: Desktop): Promise<Picture> {
  const { data, info } = await sharp(fileOf(desktop))
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  const { width, height } = info;
  return {
    size: { width, height },
    at: (x, y) => {
      const [r = 0, g = 0, b = 0] = data.subarray((y * width + x) * 3);
      return { r, g, b };
    },
  };
}

const overwrite = (worker: Worker): Promise<void> => worker.pick('File', /^Overwrite flag/);

export const gimpTasks: readonly Task[] = [
  {
    title: 'mirror a picture',
    apps,
    prepare,
    work: async (worker) => {
      await worker.front('flag');
      await worker.pick('Image', 'Transform', 'Flip Horizontally');
      await overwrite(worker);
    },
    check: async (desktop) => {
      const halves = async () => {
        const { at } = await pictureIn(desktop);
        return [at(20, 50), at(180, 50)];
      };
      await expect.poll(halves).toEqual([BLUE, RED]);
    },
  },
  {
    title: 'make a picture half as large',
    apps,
    prepare,
    work: async (worker) => {
      await worker.front('flag');
      await worker.pick('Image', /^Scale Image/);
      await worker.front('Scale Image');
      await worker.fill('Width:', '100', { role: 'spin button' });
      await worker.key('Tab');
      await worker.press('Scale', { role: 'button' });
      await worker.front('flag');
      await overwrite(worker);
    },
    check: async (desktop) => {
      const size = async () => (await pictureIn(desktop)).size;
      await expect.poll(size).toEqual({ width: 100, height: 50 });
    },
  },
];

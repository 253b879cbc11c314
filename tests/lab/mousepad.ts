import { readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';

import { openApplication, type Application } from './application.ts';
import type { Desktop } from './desktop.ts';
import { eventually } from './eventually.ts';
import { settled } from './settled.ts';
import { xdotool } from './xdotool.ts';

/** The text editor; the oracle for typed text is the file that it saves. */
export interface Mousepad extends Application {
  readonly file: string;
  /** Saves with ctrl+s from outside, which brings the editor to the front, and reads the file. */
  savedText(): Promise<string>;
}

export async function openMousepad(
  desktop: Desktop,
  { file = join(desktop.folder, 'home', 'notes.txt'), text = '' } = {},
): Promise<Mousepad> {
  await writeFile(file, text);
  const app = await openApplication(desktop, { command: 'mousepad', args: ['--disable-server', file] });
  // The window comes first and the document after it.
  await eventually('mousepad to show its file', async () => (await app.title()).includes(basename(file)));
  return {
    ...app,
    file,
    savedText: async () => {
      await app.activate();
      await xdotool(desktop, 'key', '--clearmodifiers', 'ctrl+s');
      // What was typed before comes first: until it was seen, the title does not tell that there is anything to save.
      await settled(desktop, app.window);
      await eventually('mousepad to save', async () => !(await app.title()).startsWith('*'));
      return readFile(file, 'utf8');
    },
  };
}

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { openApplication, type Application } from './application.ts';
import type { Desktop } from './desktop.ts';
import { xdotool } from './xdotool.ts';

/** The calculator; it writes the number on its display into its settings when it ends. */
export interface Galculator extends Application {
  /** Ends it with ctrl+q from outside, and gives the number that it showed. */
  lastValue(): Promise<string>;
}

export async function openGalculator(desktop: Desktop): Promise<Galculator> {
  const app = await openApplication(desktop, { command: 'galculator' });
  const settings = join(desktop.env['XDG_CONFIG_HOME'] ?? '', 'galculator', 'galculator.conf');
  return {
    ...app,
    lastValue: async () => {
      await app.activate();
      await xdotool(desktop, 'key', '--clearmodifiers', 'ctrl+q');
      await app.process.exited;
      const value = /^remembered_valuex="(.*)"$/m.exec(await readFile(settings, 'utf8'))?.[1];
      if (value === undefined) throw new Error('galculator did not write down its display');
      return value;
    },
  };
}

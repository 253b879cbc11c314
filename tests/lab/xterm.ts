import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { openApplication, type Application } from './application.ts';
import type { Desktop } from './desktop.ts';
import { eventually } from './eventually.ts';

/** A terminal whose only program writes down each byte that its tty gets: typed, pasted or dropped. */
export interface Xterm extends Application {
  readonly log: string;
  received(): Promise<string>;
}

// Raw, so that nothing is held back until the end of a line or taken for a signal.
const RECORDER = 'stty raw -echo; : > "$1.ready"; exec tee -a "$1"';

export async function openXterm(
  desktop: Desktop,
  { log = join(desktop.folder, `xterm-${performance.now()}.log`), command = 'xterm' } = {},
): Promise<Xterm> {
  const app = await openApplication(desktop, {
    command,
    args: ['-fa', 'Monospace', '-fs', '10', '-e', 'sh', '-c', RECORDER, 'sh', log],
  });
  await eventually('the recorder in xterm', () => existsSync(`${log}.ready`));
  return {
    ...app,
    log,
    received: () => readFile(log, 'utf8').catch(() => ''),
  };
}

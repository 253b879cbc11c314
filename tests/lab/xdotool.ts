import type { Desktop } from './desktop.ts';
import { run } from './owned-process.ts';

/** Drives the desktop from outside, with no code of this project. */
export function xdotool(desktop: Desktop, ...args: readonly string[]): Promise<string> {
  return run({ command: 'xdotool', args, env: desktop.env, cwd: desktop.folder });
}

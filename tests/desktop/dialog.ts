import type { Desktop } from '../lab/desktop.ts';
import { eventually } from '../lab/eventually.ts';
import { leftoversOf } from '../lab/leftovers.ts';
import { activate, geometryOf, windowsOf, type Rect } from '../lab/windows.ts';
import { xdotool } from '../lab/xdotool.ts';

/** The server's own question to the person, as a window on the desktop. */
export interface Dialog {
  readonly pid: number;
  readonly window: number;
  geometry(): Promise<Rect>;
  /** As the person, from outside: keys by the names of xdotool. */
  press(...keys: readonly string[]): Promise<void>;
}

const pidsOf = async ({ folder }: Desktop): Promise<readonly number[]> =>
  (await leftoversOf(folder)).flatMap(({ pid, command }) =>
    /(^|\/)zenity --question/.test(command) ? [pid] : [],
  );

/** Waits for the dialog, and for the person's focus in it. */
export async function dialogOn(desktop: Desktop): Promise<Dialog> {
  const found = await eventually('the dialog', async () => {
    const [pid] = await pidsOf(desktop);
    const [window] = pid === undefined ? [] : await windowsOf(desktop.x, pid);
    return pid !== undefined && window !== undefined && { pid, window };
  });
  await activate(desktop.x, found.window);
  return {
    ...found,
    geometry: () => geometryOf(desktop.x, found.window),
    press: async (...keys) => {
      await activate(desktop.x, found.window);
      await xdotool(desktop, 'key', ...keys);
    },
  };
}

export const hasDialog = async (desktop: Desktop): Promise<boolean> => (await pidsOf(desktop)).length > 0;

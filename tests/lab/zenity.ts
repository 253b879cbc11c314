import { openApplication, type Application } from './application.ts';
import type { Desktop } from './desktop.ts';

/** A dialog; what it prints when it ends is its own word on what it was given. */
export interface Zenity extends Application {
  /** Waits until the person has answered. */
  answer(): Promise<{ readonly accepted: boolean; readonly text: string }>;
}

/** Opens a dialog, such as with `['--entry', '--text=Name']`. */
export async function openZenity(
  desktop: Desktop,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Zenity> {
  const app = await openApplication(desktop, { command: 'zenity', args, env });
  return {
    ...app,
    answer: async () => {
      const { code } = await app.process.exited;
      return { accepted: code === 0, text: app.process.stdout().replace(/\n$/, '') };
    },
  };
}

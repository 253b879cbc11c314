import { hasDisplay, programIn, unicodeLocale, type Environment } from './dialog-environment.ts';
import { runDialog, type DialogEnd } from './dialog-process.ts';
import type { NativeDialogOptions } from './native-dialog.ts';
import { quotableReason } from './plain-text.ts';

export type FolderPickerOptions = NativeDialogOptions & {
  /** The agent's own words. */
  readonly reason: string;
};

/** A folder that a person picked, or why there is none. */
export type Picked =
  | { readonly outcome: 'picked'; readonly path: string }
  | { readonly outcome: 'closed' }
  | { readonly outcome: 'unavailable'; readonly why: string };

/**
 * Has a person pick a folder, by the desktop's own picker on Linux. That is no answer yet to the question whether an agent
 * may use it: Return alone accepts what such a picker shows first.
 */
export async function pickFolder(
  { platform, env, reason, onDialog }: FolderPickerOptions,
  signal: AbortSignal,
): Promise<Picked> {
  if (platform !== 'linux') return { outcome: 'unavailable', why: `there is no picker for ${platform}` };
  if (!hasDisplay(env)) return { outcome: 'unavailable', why: 'there is no display' };
  const command = pickerIn(env, `An agent asks for a folder: “${quotableReason(reason)}”`);
  if (command === null) return { outcome: 'unavailable', why: 'neither zenity nor kdialog is installed' };
  const end = await runDialog({ ...command, env: { ...env, ...unicodeLocale(env) } }, { signal, onDialog });
  signal.throwIfAborted();
  return pickedIn(end);
}

function pickerIn(
  env: Environment,
  title: string,
): { readonly path: string; readonly argv: readonly string[] } | null {
  const [zenity, kdialog] = ['zenity', 'kdialog'].map((name) => programIn(env, name));
  const isKde = /\bKDE\b/.test(env['XDG_CURRENT_DESKTOP'] ?? '');
  if (kdialog !== undefined && (isKde || zenity === undefined)) {
    return { path: kdialog, argv: ['--title', title, '--getexistingdirectory', env['HOME'] ?? '/'] };
  }
  if (zenity === undefined) return null;
  return { path: zenity, argv: ['--file-selection', '--directory', `--title=${title}`] };
}

function pickedIn({ code, stdout, stderr }: DialogEnd): Picked {
  const path = stdout.replace(/\n$/, '');
  if (code === 0 && path.startsWith('/')) return { outcome: 'picked', path };
  const wasShown =
    code === 1 && !/cannot open display|unable to init|could not connect to display/i.test(stderr);
  return wasShown
    ? { outcome: 'closed' }
    : { outcome: 'unavailable', why: `the picker was not shown: ${stderr.trim().slice(0, 200)}` };
}

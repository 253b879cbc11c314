import type { OnDialog } from './dialog-channel.ts';
import { hasDisplay, programIn, type Environment } from './dialog-environment.ts';
import { kdialogChannel } from './kdialog.ts';
import { osascriptChannel } from './osascript.ts';
import { powershellChannel } from './powershell.ts';
import type { AskChannel } from './request.ts';
import { zenityChannel } from './zenity.ts';

export interface NativeDialogOptions {
  readonly platform: NodeJS.Platform;
  /** Environment of the dialog; its `PATH` says where kdialog and zenity are. */
  readonly env: Environment;
  readonly onDialog?: OnDialog;
}

/** The dialogs of the desktop: kdialog under KDE and zenity elsewhere, or the other one; macOS's; Windows'. */
export function nativeDialogChannel({ platform, env, onDialog }: NativeDialogOptions): AskChannel {
  if (platform === 'darwin') return osascriptChannel({ osascriptPath: '/usr/bin/osascript', env, onDialog });
  if (platform === 'win32')
    return powershellChannel({ powershellPath: windowsPowershell(env), env, onDialog });
  return {
    name: 'dialog',
    ask: async (request, signal) => {
      if (!hasDisplay(env)) return { outcome: 'unavailable', why: 'there is no display' };
      const channel = unixDialog(env, onDialog);
      return channel === undefined
        ? { outcome: 'unavailable', why: 'neither zenity nor kdialog is installed' }
        : channel.ask(request, signal);
    },
  };
}

function unixDialog(env: Environment, onDialog: OnDialog | undefined): AskChannel | undefined {
  const [zenity, kdialog] = ['zenity', 'kdialog'].map((name) => programIn(env, name));
  const channels = [
    zenity && zenityChannel({ zenityPath: zenity, env, onDialog }),
    kdialog && kdialogChannel({ kdialogPath: kdialog, env, onDialog }),
  ].filter((channel) => channel !== undefined && channel !== '');
  return /\bKDE\b/.test(env['XDG_CURRENT_DESKTOP'] ?? '') ? channels.at(-1) : channels[0];
}

const windowsPowershell = (env: Environment): string =>
  `${env['SystemRoot'] ?? 'C:\\Windows'}\\System32\\WindowsPowerShell\\v1.0\\powershell.exe`;

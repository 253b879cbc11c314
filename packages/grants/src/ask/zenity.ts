import { pressedLabel, type Pressed } from './buttons.ts';
import { dialogChannel, type OnDialog } from './dialog-channel.ts';
import { hasDisplay, unicodeLocale, type Environment } from './dialog-environment.ts';
import type { DialogEnd } from './dialog-process.ts';
import type { AskChannel } from './request.ts';
import { matterQuestion, flagQuestion } from './zenity-text.ts';

export interface ZenityOptions {
  /** Absolute path, or a name to look up in `env.PATH`; `zenity` unless told. */
  readonly zenityPath?: string;
  /** Environment of the dialog: `DISPLAY` or `WAYLAND_DISPLAY`, `PATH` and what else it needs. */
  readonly env: Environment;
  readonly onDialog?: OnDialog | undefined;
}

/** Asks by zenity's dialogs, on X11 and Wayland. */
export function zenityChannel({ zenityPath = 'zenity', env, onDialog }: ZenityOptions): AskChannel {
  const timeout = (seconds: number): string => `--timeout=${seconds}`;
  const channel = dialogChannel(
    {
      name: 'zenity',
      path: zenityPath,
      env: dialogEnvironment(env),
      askAbout: (request, matter, { number, seconds }) => ({
        argv: [...matterQuestion(request, matter, number), timeout(seconds)],
      }),
      askFlag: (request, flag, { seconds }) => ({ argv: [...flagQuestion(request, flag), timeout(seconds)] }),
      pressed: pressedIn,
    },
    onDialog,
  );
  return {
    ...channel,
    ask: async (request, signal) =>
      hasDisplay(env) ? channel.ask(request, signal) : { outcome: 'unavailable', why: 'there is no display' },
  };
}

/** @throws when the dialog never got onto the screen; 1 is a button or closing, 5 a time-out */
function pressedIn({ code, stdout, stderr }: DialogEnd): Pressed {
  const wasShown =
    (code === 0 || code === 1 || code === 5) && !/cannot open display|unable to init/i.test(stderr);
  if (!wasShown) throw new Error(`zenity showed no dialog: ${stderr.trim() || `exit code ${String(code)}`}`);
  return pressedLabel(stdout);
}

/** Without variables such as `DIALOG_ESC`, which change exit codes, and with a locale that can show any text. */
function dialogEnvironment(env: Environment): Environment {
  const kept = Object.entries(env).filter(([name]) => !/^(?:ZENITY|DIALOG)_/.test(name));
  return { ...Object.fromEntries(kept), ...unicodeLocale(env) };
}

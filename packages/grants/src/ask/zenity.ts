import { runDialog, type DialogEnd } from './dialog-process.ts';
import {
  DENIED,
  wantedFlags,
  type AskAnswer,
  type AskChannel,
  type AskDecision,
  type AskRequest,
} from './request.ts';
import { ALLOW_ALWAYS, ALLOW_FLAG, ALLOW_ONCE, appQuestion, flagQuestion } from './zenity-text.ts';

export interface ZenityOptions {
  /** Absolute path, or a name to look up in `env.PATH`; `zenity` unless told. */
  readonly zenityPath?: string;
  /** Environment of the dialog: `DISPLAY` or `WAYLAND_DISPLAY`, `PATH` and what else it needs. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Told of each process that shows a dialog, so that its windows can be protected from the agent. */
  readonly onDialog?: (pid: number, state: 'opened' | 'closed') => void;
}

/** Shows one dialog and gives the label of the button that was pressed, or `''`. */
type Show = (argv: readonly string[]) => Promise<string>;

/**
 * Asks by native dialogs: one for each application, then one for each right beyond the tier.
 * Deny is the default; Escape, closing and time-out deny too.
 */
export function zenityChannel({ zenityPath = 'zenity', env, onDialog }: ZenityOptions): AskChannel {
  return {
    name: 'zenity',
    ask: async (request, signal) => {
      if (!env['DISPLAY'] && !env['WAYLAND_DISPLAY'])
        return { outcome: 'unavailable', why: 'there is no display' };
      const endsAt = performance.now() + request.timeoutMs;
      const show: Show = async (argv) => {
        const seconds = Math.max(1, Math.ceil((endsAt - performance.now()) / 1000));
        const command = {
          path: zenityPath,
          argv: [...argv, `--timeout=${seconds}`],
          env: dialogEnvironment(env),
        };
        const end = await runDialog(command, { signal, onDialog });
        signal.throwIfAborted();
        return pressedIn(end);
      };
      return askBy(show, request);
    },
  };
}

async function askBy(show: Show, request: AskRequest): Promise<AskAnswer> {
  const decisions: AskDecision[] = [];
  for (const [index, app] of request.apps.entries()) {
    const pressed = await show(appQuestion(request, app, index + 1));
    decisions.push({ app: app.app, ...decisionOf(pressed) });
  }
  const allowed = request.apps.filter((_app, index) => decisions[index]?.decision === 'allow');
  if (allowed.length === 0) return { outcome: 'answered', decisions, flags: {} };
  const flags: [string, boolean][] = [];
  for (const flag of wantedFlags(request)) {
    flags.push([flag, (await show(flagQuestion({ ...request, apps: allowed }, flag))) === ALLOW_FLAG]);
  }
  return { outcome: 'answered', decisions, flags: Object.fromEntries(flags) };
}

function decisionOf(pressed: string): Pick<AskDecision, 'decision' | 'scope'> {
  if (pressed === ALLOW_ONCE) return { decision: 'allow', scope: 'once' };
  if (pressed === ALLOW_ALWAYS) return { decision: 'allow', scope: 'always' };
  return DENIED;
}

/** @throws when the dialog never got onto the screen; 1 is a button or closing, 5 a time-out */
function pressedIn({ code, stdout, stderr }: DialogEnd): string {
  const wasShown =
    (code === 0 || code === 1 || code === 5) && !/cannot open display|unable to init/i.test(stderr);
  if (!wasShown) throw new Error(`zenity showed no dialog: ${stderr.trim() || `exit code ${String(code)}`}`);
  return stdout.trim();
}

/** Without variables such as `DIALOG_ESC`, which change exit codes, and with a locale that can show any text. */
function dialogEnvironment(env: ZenityOptions['env']): ZenityOptions['env'] {
  const kept = Object.entries(env).filter(([name]) => !/^(?:ZENITY|DIALOG)_/.test(name));
  const locale = env['LC_ALL'] || env['LC_CTYPE'] || env['LANG'] || '';
  return { ...Object.fromEntries(kept), ...(!/utf-?8/i.test(locale) && { LC_ALL: 'C.UTF-8' }) };
}

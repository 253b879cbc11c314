import type { GrantFlags } from '../grant.ts';
import { scopeOf, type Pressed } from './buttons.ts';
import type { Environment } from './dialog-environment.ts';
import { runDialog, type DialogEnd } from './dialog-process.ts';
import { mattersOf, type Matter } from './matter.ts';
import {
  DENIED,
  wantedFlags,
  type AskAnswer,
  type AskChannel,
  type AskDecision,
  type AskRequest,
} from './request.ts';

/** How one dialog is run: arguments, and what is added to the environment. */
export interface DialogArguments {
  readonly argv: readonly string[];
  readonly env?: Environment;
}

/** A program that shows dialogs. Everything it is handed is data: it goes through no shell and into no script. */
export interface DialogTool {
  readonly name: string;
  /** Absolute path, or a name to look up in `env.PATH`. */
  readonly path: string;
  readonly env: Environment;
  /** The dialog about one thing; `number` counts from 1, `seconds` are left to answer. */
  askAbout(
    request: AskRequest,
    matter: Matter,
    about: { readonly number: number; readonly seconds: number },
  ): DialogArguments;
  /** The dialog about one right beyond the tier. */
  askFlag(request: AskRequest, flag: keyof GrantFlags, about: { seconds: number }): DialogArguments;
  /** @throws when the dialog never got onto the screen */
  pressed(end: DialogEnd): Pressed;
}

/** Told of each process that shows a dialog, so that its windows can be protected from the agent. */
export type OnDialog = (pid: number, state: 'opened' | 'closed') => void;

/**
 * Asks by native dialogs: one for each thing, then one for each right beyond the tier.
 * Deny is the default; Escape, closing and time-out deny too.
 */
export const dialogChannel = (tool: DialogTool, onDialog?: OnDialog): AskChannel => ({
  name: tool.name,
  ask: async (request, signal) => {
    const endsAt = performance.now() + request.timeoutMs;
    const show = async (dialog: (seconds: number) => DialogArguments): Promise<Pressed> => {
      const { argv, env } = dialog(Math.max(1, Math.ceil((endsAt - performance.now()) / 1000)));
      const command = { path: tool.path, argv, env: { ...tool.env, ...env } };
      const end = await runDialog(command, { signal, onDialog });
      signal.throwIfAborted();
      return tool.pressed(end);
    };
    return askBy(tool, show, request);
  },
});

async function askBy(
  tool: DialogTool,
  show: (dialog: (seconds: number) => DialogArguments) => Promise<Pressed>,
  request: AskRequest,
): Promise<AskAnswer> {
  const decisions: AskDecision[] = [];
  for (const [index, matter] of mattersOf(request).entries()) {
    const pressed = await show((seconds) => tool.askAbout(request, matter, { number: index + 1, seconds }));
    const scope = scopeOf(pressed, request);
    decisions.push({ asked: matter.key, ...(scope === null ? DENIED : { decision: 'allow', scope }) });
  }
  const allowed = decisions.filter(({ decision }) => decision === 'allow').map(({ asked }) => asked);
  if (allowed.length === 0 || request.kind !== 'app') return { outcome: 'answered', decisions, flags: {} };
  const apps = request.apps.filter(({ app }) => allowed.includes(app));
  const flags: [string, boolean][] = [];
  for (const flag of wantedFlags(request)) {
    const pressed = await show((seconds) => tool.askFlag({ ...request, apps }, flag, { seconds }));
    flags.push([flag, pressed === 'flag']);
  }
  return { outcome: 'answered', decisions, flags: Object.fromEntries(flags) };
}

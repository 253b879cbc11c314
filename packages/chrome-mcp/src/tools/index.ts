import { Live, ToolError, type CallContext, type Tool } from '@deskhand/server-runtime';
import { z } from 'zod';
import { toToolError } from '../errors.ts';
import { groups } from '../groups/index.ts';
import { OpenGroups } from '../groups/open-groups.ts';
import type { BrowserSession } from '../session.ts';
import { Looks } from '../snapshot/looks.ts';
import { act } from './act.ts';
import { click } from './click.ts';
import { enable } from './enable.ts';
import { evaluate } from './evaluate.ts';
import { fill, fillForm } from './fill.ts';
import { handleDialog } from './handle-dialog.ts';
import { find } from './find.ts';
import { navigate } from './navigate.ts';
import { pressKey } from './press-key.ts';
import { screenshot } from './screenshot.ts';
import { snapshot } from './snapshot.ts';
import { tabs } from './tabs.ts';
import { waitFor } from './wait-for.ts';

export interface ToolOptions {
  /** Scripts may be run in pages. */
  readonly evaluate: boolean;
  /** Groups that are on from the beginning. */
  readonly enable?: readonly string[];
}

/** What a session offers; it changes as groups are switched on and off. */
export interface BrowserTools {
  /** In the order shown to the model. */
  readonly tools: Live<readonly Tool[]>;
  /** Names of these and of all that a group may add. */
  readonly everyTool: readonly string[];
  /** Switches all groups off. */
  readonly close: () => void;
}

export function browserTools(session: BrowserSession, options: ToolOptions): BrowserTools {
  const offered = (tool: Tool): Tool => telling(session, tool);
  const open = new OpenGroups({ session, groups, offered });
  const core = [...coreTools(session, options), enable(open)].map(offered);
  open.switchOn(options.enable ?? []);
  const all = (): readonly Tool[] => [...core, ...open.tools.value];
  const tools = new Live(all());
  open.tools.watch(() => tools.set(all()));
  const everyTool = [...core.map(({ name }) => name), ...groups.flatMap(({ offers }) => offers)];
  return { tools, everyTool, close: () => open.switchOff(open.on) };
}

function coreTools(session: BrowserSession, options: ToolOptions): readonly Tool[] {
  const looks = new Looks();
  return [
    navigate(session),
    tabs(session),
    snapshot(session, looks),
    find(session),
    click(session, looks),
    fill(session, looks),
    fillForm(session, looks),
    pressKey(session, looks),
    act(session, looks),
    waitFor(session),
    screenshot(session),
    ...(options.evaluate ? [evaluate(session)] : []),
    handleDialog(session),
  ];
}

/** Failures of the browser are answers, not bugs; every answer tells what happened beside it, and no secret. */
const telling = (session: BrowserSession, tool: Tool): Tool => ({
  ...tool,
  // a call explains itself before the runtime ends it
  timeoutMs: Math.max(tool.timeoutMs ?? 0, session.deadline * 2 + 5_000),
  run: async (input, call) => {
    try {
      const result = await tool.run(input, quiet(call, session));
      return session.secrets.scrubResult({ ...result, text: withNews(result.text, session.takeNews()) });
    } catch (error) {
      const told = toToolError(error);
      if (told === null) throw error;
      const { code, message, hint = '', cause, details } = told;
      const news = [...(code === 'page_hung' ? heldUp(session) : []), ...session.takeNews()];
      const words = { message, hint: withNews(hint, news), details };
      throw scrubbed(session, { code, cause, words });
    }
  },
});

interface Told {
  readonly code: string;
  readonly cause: unknown;
  readonly words: Pick<ToolError, 'message' | 'details'> & { readonly hint: string };
}

function scrubbed({ secrets }: BrowserSession, { code, cause, words }: Told): ToolError {
  const { message, hint, details } = words;
  const told = { hint: secrets.scrub(hint), cause };
  const shown = z.record(z.string(), z.unknown()).parse(secrets.scrubAll(details));
  return new ToolError(code, secrets.scrub(message), { ...told, details: shown });
}

/** What is told while the tool runs. */
const quiet = (call: CallContext, { secrets }: BrowserSession): CallContext => ({
  ...call,
  progress: (done, total, message) =>
    call.progress(done, total, message === undefined ? undefined : secrets.scrub(message)),
});

/** A page and the windows that it opened share a process, which a dialog in one of them stops. */
const heldUp = (session: BrowserSession): readonly string[] =>
  session
    .tabs()
    .filter(({ state }) => state === 'dialog')
    .map(
      ({ id }) =>
        `A dialog is open in ${id}, which may be what stops this page: answer it with handle_dialog.`,
    );

const withNews = (text: string, news: readonly string[]): string =>
  [text, ...news.map((line) => `Note: ${line}`)].join('\n');

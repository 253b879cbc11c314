import type { CallContext, Tool, ToolResult } from '@deskhand/server-runtime';
import type { Decision } from '@deskhand/tier-policy';
import type { Accessibility } from './accessibility/accessibility.ts';
import type { AppDirectory } from './app-directory.ts';
import type { Clipboard } from './desktop/clipboard.ts';
import type { Desktop } from './desktop/desktop.ts';
import { DryHolding, type Withhold } from './dry-holding.ts';

const NOT_DONE = 'Dry run, so this was not done: ';

/** Instead of an effect on another program. */
class Withheld extends Error {
  override readonly name = 'Withheld';
}

/**
 * A desktop that reads and judges in the same instant as the real one, and is then told no, so that nothing is ever
 * sent; whoever asked gets the real decision.
 */
const dryDesktop = (desktop: Desktop): Desktop => ({
  displays: desktop.displays,
  presence: desktop.presence,
  // who does nothing keeps nobody else from acting
  control: null,
  changes: desktop.changes,
  obstacles: desktop.obstacles,
  holding: desktop.holding === null ? null : new DryHolding(desktop, desktop.holding, withheld),
  clipboard: desktop.clipboard === null ? null : dryClipboard(desktop.clipboard),
  screen: () => desktop.screen(),
  windows: () => desktop.windows(),
  frontmost: () => desktop.frontmost(),
  pointer: () => desktop.pointer(),
  capture: (...of) => desktop.capture(...of),
  activate: () => Promise.resolve(true),
  point: (gesture, judge, signal) => withheld(judge, (told) => desktop.point(gesture, told, signal)),
  async press(keystrokes, judge, steps) {
    const judged = await withheld(judge, (told) => desktop.press(keystrokes, told, steps));
    if (judged.decision.allowed) await steps.onDone(keystrokes.length);
    return judged;
  },
  async type(text, judge, steps) {
    const judged = await withheld(judge, (told) => desktop.type(text, told, steps));
    if (judged.decision.allowed) await steps.onDone(Array.from(text).length);
    return judged;
  },
  close: () => desktop.close(),
});

/** Decides on what is read, and stops what would follow. */
const withheld: Withhold = async (judge, act) => {
  const made: Decision[] = [];
  const judged = await act((scene) => {
    const decision = judge(scene);
    made.push(decision);
    return decision.allowed ? stopped(decision) : decision;
  });
  return { ...judged, decision: made.at(-1) ?? judged.decision };
};

const stopped = ({ tier, needed }: Decision): Decision => ({
  ...{ allowed: false, code: 'unknown_app', tier, needed, blocker: 'recipient', app: null },
  ...{ message: 'This is a dry run', hint: '' },
});

/** Writes nothing. */
const dryClipboard = (clipboard: Clipboard): Clipboard => ({
  read: (...of) => clipboard.read(...of),
  write: (text, rules, signal) =>
    withheld(rules.judge, (judge) => clipboard.write(text, { ...rules, judge }, signal)),
  withdraw: (by) => clipboard.withdraw(by),
  close: () => clipboard.close(),
});

/** Starts nothing. */
const dryDirectory = (directory: AppDirectory): AppDirectory => ({
  installed: () => directory.installed(),
  command: (name) => directory.command(name),
  start: () => Promise.reject(new Withheld('it would be started')),
});

/** Sets nothing. */
const dryAccessibility = (accessibility: Accessibility): Accessibility => ({
  read: (...of) => accessibility.read(...of),
  look: (...of) => accessibility.look(...of),
  setValue: () => Promise.reject(new Withheld('the value would be set')),
  passwordFields: (...of) => accessibility.passwordFields(...of),
  inside: (pid) => accessibility.inside(pid),
  close: () => accessibility.close(),
});

interface Parts {
  readonly desktop: Desktop;
  readonly directory: AppDirectory;
  readonly accessibility: Accessibility;
}

/** Everything through which tools have an effect outside of this server. */
export const dryParts = ({ desktop, directory, accessibility }: Parts): Parts => ({
  desktop: dryDesktop(desktop),
  directory: dryDirectory(directory),
  accessibility: dryAccessibility(accessibility),
});

/** A tool over the parts above, whose answers and notes say that nothing was done. */
export function dryTool(tool: Tool): Tool {
  if (tool.annotations.readOnly || tool.always === true) return tool;
  return {
    ...tool,
    run: async (input, call) => answerOf(() => tool.run(input, noting(call))),
  };
}

const noting = (call: CallContext): CallContext => ({
  ...call,
  note: (decision) => call.note(isRecord(decision) ? { ...decision, dryRun: true } : decision),
});

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;

async function answerOf(run: () => Promise<ToolResult>): Promise<ToolResult> {
  try {
    const result = await run();
    const { text, structured } = result;
    return {
      ...result,
      text: text.includes(NOT_DONE) ? text : `${NOT_DONE}${text}`,
      structured: { ...structured, delivered: false, dry_run: true },
    };
  } catch (error) {
    const held = withheldIn(error);
    if (held === undefined) throw error;
    return { text: `${NOT_DONE}${held.message}.`, structured: { delivered: false, dry_run: true } };
  }
}

/** Tools wrap what they catch. */
function withheldIn(error: unknown): Withheld | undefined {
  if (error instanceof Withheld) return error;
  return error instanceof Error && error.cause !== undefined ? withheldIn(error.cause) : undefined;
}

import { ToolError, defineTool, inTime, quoted, type CallContext, type Tool } from '@deskhand/server-runtime';
import type { Action, Decision, Tier } from '@deskhand/tier-policy';
import { z } from 'zod';
import type { SeenElement } from '../accessibility/accessibility.ts';
import type { ElementTable, KnownElement } from '../accessibility/element-table.ts';
import type { Judge, Judged, Keystroke, Scene } from '../desktop/desktop.ts';
import type { DesktopSession } from '../session.ts';
import { called, elementNow, knownElement, windowOf } from './element-target.ts';
import { asReadWindow, type ReadableWindow } from './readable-window.ts';

const SET: Action = { tool: 'set_value' };
const MAX_CHARACTERS = 10_000;
const SHOWN_CHARACTERS = 200;
const ACTIVATE_MS = 3000;

const RANGES: ReadonlySet<string> = new Set(['dial', 'rating', 'slider', 'spin button']);

/** Only asked about, never pressed: the scene of a key is read and judged, and the judge says no to the key. */
const NO_KEY: Keystroke = { modifiers: ['shift'], key: null };

export const setValue = (session: DesktopSession, table: ElementTable): Tool =>
  defineTool({
    name: 'set_value',
    title: 'Set a value',
    description: 'Replaces what a text field, slider or spin button holds, and reads it back. Tier full.',
    input: z.object({
      element: z.string().describe('Such as e17'),
      value: z.string().max(MAX_CHARACTERS).describe('The whole new text or number'),
    }),
    annotations: { readOnly: false, destructive: true, idempotent: true, openWorld: true },
    run: async ({ element, value }, call) => {
      const known = knownElement(table, element);
      await inFront(session, known, call);
      const now = await elementNow(session, known, call.signal);
      refuseFixed(known, now.seen);
      const judged = await judgeKeys(session, now.window, call);
      session.settle(SET, judged, call);
      const { address } = known;
      const held = await session.accessibility.setValue(
        asReadWindow(now.window),
        { address, value },
        call.signal,
      );
      if (held === null) throw notEditable(known, 'its program did not take a value');
      if (!isSame(held, value)) throw differs(known, held);
      return {
        text: `${called(known)} in ${now.window.appName} holds the new value.`,
        structured: {
          ...session.describe(judged.scene, judged.decision.tier),
          window: now.window.info.id,
          delivered: true,
        },
      };
    },
  });

/** Brings the window to the front, when a key to it would be allowed as things stand. */
async function inFront(session: DesktopSession, known: KnownElement, call: CallContext): Promise<void> {
  const { info } = await windowOf(session, known);
  if (session.mayShow(info.subject)) await session.terminals.lookInside(known.window.app);
  const judged = await session.withReadApprovals(call, async () => {
    const front = await session.desktop.frontmost();
    const scene: Scene = { ...front, recipients: [info.subject], recipientWindow: info.id };
    return { decision: session.decide(SET, scene), scene };
  });
  if (!judged.decision.allowed) session.settle(SET, judged, call);
  if (judged.scene.frontmostWindow === info.id) return;
  await inTime(ACTIVATE_MS, call.signal, (patience) => session.desktop.activate(info.id, patience));
}

function refuseFixed(known: KnownElement, { role, states }: SeenElement): void {
  if (states.has('disabled')) throw notEditable(known, 'it is disabled');
  if (states.has('read_only')) throw notEditable(known, 'it is read-only');
  if (role === 'terminal') throw notEditable(known, 'a terminal takes keys only');
  if (!states.has('editable') && !RANGES.has(role)) throw notEditable(known, 'it holds no value of its own');
}

/**
 * Judges as for a key: the window in front, the owner of the focus and whoever grabbed the keyboard, read in one
 * instant, and the window itself. The value goes out right after, over the program's own connection: it cannot
 * reach another program, whatever happens to the focus meanwhile.
 */
async function judgeKeys(
  session: DesktopSession,
  { info }: ReadableWindow,
  call: CallContext,
): Promise<Judged> {
  return session.withReadApprovals(call, async () => {
    const read: { judged: Judged | null } = { judged: null };
    const judge: Judge = (keyScene) => {
      const scene = { ...keyScene, recipients: [...keyScene.recipients, info.subject], isShortcut: false };
      read.judged = { decision: session.decide(SET, scene), scene };
      return notPressed(read.judged.decision.tier);
    };
    await session.desktop.press([NO_KEY], judge, { signal: call.signal, onDone: () => Promise.resolve() });
    if (read.judged === null) throw new Error('the scene was not judged');
    if (read.judged.decision.allowed && read.judged.scene.frontmostWindow !== info.id) {
      throw new ToolError('not_activated', 'The window of the element is not in front', {
        hint: `Nothing was changed. Use focus_window with window ${info.id}, then try again.`,
      });
    }
    return read.judged;
  });
}

const notPressed = (tier: Tier): Decision => ({
  allowed: false,
  code: 'unknown_app',
  tier,
  needed: 'full',
  blocker: 'recipient',
  app: null,
  message: 'No key is pressed',
  hint: '',
});

const isSame = (held: string, value: string): boolean =>
  held === value || (value.trim() !== '' && Number(held) === Number(value));

const notEditable = (known: KnownElement, why: string): ToolError =>
  new ToolError('not_editable', `${called(known)} cannot be set: ${why}`, {
    hint: 'Click it and use type, if it takes keys.',
  });

const differs = (known: KnownElement, held: string): ToolError =>
  new ToolError('value_differs', `${called(known)} holds ${quoted(held, SHOWN_CHARACTERS)} now`, {
    hint: 'Its program changed or cut the value. Look at it before you go on.',
  });

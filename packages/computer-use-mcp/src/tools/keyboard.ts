import { ToolError, defineTool, type CallContext, type Tool } from '@deskhand/server-runtime';
import { parseKeys, type Action, type KeyCombo } from '@deskhand/tier-policy';
import { z } from 'zod';
import { keysymsOf } from '../core/keymap.ts';
import type { Judged, Steps } from '../desktop/desktop.ts';
import { toToolError } from '../errors.ts';
import type { DesktopSession } from '../session.ts';
import { isOfPerson, stopOf } from '../takeover.ts';

const MAX_CHARACTERS = 10_000;
const MAX_REPEAT = 100;
/** Typing the longest text on a slow machine. */
const TYPE_MS = 120_000;

const ACTS = { readOnly: false, destructive: true, idempotent: false, openWorld: true } as const;

export const keyboardTools = (session: DesktopSession): readonly Tool[] => [type(session), key(session)];

const type = (session: DesktopSession): Tool =>
  defineTool({
    name: 'type',
    title: 'Type text',
    description:
      'Types into what has the focus; a line end is Enter. Stops when the focus goes elsewhere, and says how far it got.',
    input: z.object({
      text: z.string().min(1),
    }),
    annotations: ACTS,
    timeoutMs: TYPE_MS,
    run: async ({ text }, call) => {
      const characters = charactersOf(text);
      const total = characters.length;
      const action: Action = { tool: 'type' };
      const send = (typed: number, steps: Steps) =>
        session.desktop.type(characters.slice(typed).join(''), session.judge(action), steps);
      const {
        done: typed,
        decision,
        scene,
      } = await inSteps(session, { action, total, send, unit: 'characters' }, call);
      const app = session.summary(scene.frontmost)?.app ?? 'the focused window';
      return {
        text: `Typed ${typed} characters into ${app}.`,
        structured: { ...session.describe(scene, decision.tier), typed, total, delivered: true },
      };
    },
  });

interface SteppedWork {
  readonly action: Action;
  readonly total: number;
  readonly unit: 'characters' | 'keys';
  /** Does what is left after `done`. */
  readonly send: (done: number, steps: Steps) => Promise<Judged>;
}

/** Work that may end in the middle: whatever ends it, the answer says how much was delivered. */
async function inSteps(
  session: DesktopSession,
  { action, total, unit, send }: SteppedWork,
  call: CallContext,
): Promise<Judged & { readonly done: number }> {
  let done = 0;
  const onDone = async (count: number): Promise<void> => {
    done += count;
    call.progress(done, total);
    if (done < total) await session.takeover.untilQuiet(call);
  };
  const amount = (): Record<string, number> =>
    unit === 'characters' ? { typed: done, total } : { pressed: done, total };
  try {
    const judged = await session.withReadApprovals(call, () => send(done, { signal: call.signal, onDone }));
    call.note({ ...session.record(action, judged), ...amount() });
    if (judged.decision.allowed) return { ...judged, done };
    throw session.refusal(judged.decision, judged.scene, amount());
  } catch (error) {
    const known = toToolError(error) ?? stopOf(call);
    if (known === null || done === 0) throw error;
    const { code, message, hint = '', details } = known;
    throw new ToolError(
      isOfPerson(known) ? code : 'focus_lost',
      `Stopped after ${done} of ${total} ${unit}: ${message}`,
      {
        hint: `The rest was not sent. ${hint}`,
        details: { ...details, ...amount(), because: code },
        cause: error,
      },
    );
  }
}

/** The characters to type, line ends as one character each. */
function charactersOf(text: string): readonly string[] {
  // counted in UTF-16 units first: a huge text is not worth taking apart
  const count = text.length > 2 * MAX_CHARACTERS ? text.length : Array.from(text).length;
  if (count > MAX_CHARACTERS) {
    throw new ToolError(
      'text_too_long',
      `The text has ${count} characters; one call types at most ${MAX_CHARACTERS}`,
      {
        hint: 'Type it in parts, or write it to a file with a file tool and open that.',
      },
    );
  }
  const keysyms = keysymsOf(text);
  if (!('codePoint' in keysyms)) return Array.from(text.replaceAll('\r\n', '\n'));
  const { index, codePoint } = keysyms;
  const name = `U+${codePoint.toString(16).toUpperCase().padStart(4, '0')}`;
  throw new ToolError('untypable_character', `Character ${index + 1} is ${name}, which no key gives`, {
    hint: 'Leave it out; line ends and tabs are fine, and the tool key presses Escape, BackSpace and the like.',
  });
}

const key = (session: DesktopSession): Tool =>
  defineTool({
    name: 'key',
    title: 'Press keys',
    description: 'Presses a key or combination, as Return or ctrl+s; several with spaces between.',
    input: z.object({
      text: z.string().min(1).describe('X11 names and common spellings'),
      repeat: z.int().min(1).max(MAX_REPEAT).optional(),
    }),
    annotations: ACTS,
    run: async ({ text, repeat = 1 }, call) => {
      const combos = combosOf(text);
      const action: Action = { tool: 'key', combos };
      const keystrokes = Array.from({ length: repeat }, () => combos).flat();
      const send = (pressed: number, steps: Steps) =>
        session.desktop.press(keystrokes.slice(pressed), session.judge(action), steps);
      const work: SteppedWork = { action, total: keystrokes.length, send, unit: 'keys' };
      const { done: pressed, decision, scene } = await inSteps(session, work, call);
      const app = session.summary(scene.frontmost)?.app ?? 'the focused window';
      return {
        text: `Pressed ${text}${repeat > 1 ? ` ${repeat} times` : ''} in ${app}.`,
        structured: { ...session.describe(scene, decision.tier), pressed, delivered: true },
      };
    },
  });

export function combosOf(text: string): readonly KeyCombo[] {
  const parsed = parseKeys(text);
  if (parsed.ok) return parsed.combos;
  throw new ToolError('unknown_key', parsed.problem.message, {
    hint: 'Use X11 names such as Return, Escape, Page_Down, F5 or a character, joined by + with ctrl, alt, shift, super.',
    details: { suggestions: parsed.problem.suggestions },
  });
}

import { ToolError, safeLine, fenced, type CallContext } from '@deskhand/server-runtime';
import { AccessibilityUnavailable, NoTree, ProgramSilent } from '../accessibility/failure.ts';
import { pageLines } from '../accessibility/page-text.ts';
import { displayOf } from '../core/frame.ts';
import { encodeForReading } from '../picture.ts';
import { RecognitionUnavailable, type RecognisedLine } from '../recognition/recognition.ts';
import type { DesktopSession } from '../session.ts';
import { windowPicture, type WindowPicture } from '../window-picture.ts';
import { readTree, sameWindow, type ReadableWindow } from './readable-window.ts';

const LIMITS = { maxElements: 8000, maxDepth: 100, timeoutMs: 8000, withText: true } as const;
const MAX_LINE = 2000;
/** Below this a line is marked, and below the other one it is a border or an icon that was taken for letters. */
const DOUBTFUL = 75;
const NO_TEXT = 20;
/** Less of it than this is a rounded corner. */
const COVERED = 0.99;

/** The text of a window, and where it is from. */
export interface WindowText {
  readonly window: ReadableWindow;
  /** Each behind its mark, so that a text cannot look like anything else. */
  readonly lines: readonly string[];
  readonly isComplete: boolean;
  readonly source: 'program' | 'recognition';
  /** Of recognised text, from 0 to 100. */
  readonly confidence?: number;
  readonly about: string;
  readonly notes: readonly string[];
}

/**
 * The text of a window as its program tells it, or, when it tells none, as it is recognised in the picture.
 *
 * @throws ToolError `no_tree` when neither gives any
 */
export async function windowText(
  session: DesktopSession,
  wanted: ReadableWindow,
  call: CallContext,
): Promise<WindowText> {
  const told = await toldText(session, wanted, call);
  return typeof told === 'string' ? recognisedText(session, { window: wanted, why: told }, call) : told;
}

/** What the program tells, or why it tells nothing. */
async function toldText(
  session: DesktopSession,
  wanted: ReadableWindow,
  call: CallContext,
): Promise<WindowText | string> {
  try {
    const { tree, window } = await readTree(session, wanted, { ...LIMITS, signal: call.signal });
    const lines = fenced(pageLines(tree.root));
    if (lines.length === 0) return 'it tells no text';
    const isComplete = tree.stopped === null;
    const notes = isComplete ? [] : ['(the window has more text than its program told in time)'];
    const about = `Text of window ${window.info.id} of ${window.appName}`;
    return { window, lines, isComplete, source: 'program', about, notes };
  } catch (error) {
    if (error instanceof NoTree || error instanceof AccessibilityUnavailable) return error.message;
    if (error instanceof ProgramSilent) return `it hangs: ${error.message}`;
    throw error;
  }
}

interface Untold {
  readonly window: ReadableWindow;
  readonly why: string;
}

async function recognisedText(
  session: DesktopSession,
  { window, why }: Untold,
  call: CallContext,
): Promise<WindowText> {
  const picture = await seenAlone(session, window, call);
  if (picture === null)
    throw noText(why, 'nothing of the window can be seen', 'Bring it to the front with focus_window.');
  const found = await recognised(session, { picture, why }, call);
  if (found.length === 0)
    throw noText(why, 'none was recognised in its picture', 'Use screenshot and coordinates.');
  if ((await sameWindow(session, { id: window.info.id, app: window.app })) === null) {
    throw new ToolError('no_such_window', 'The window was closed while it was read', {
      hint: 'Use list_windows to see what is open.',
    });
  }
  const confidence = meanOf(found);
  const covered = Math.round((1 - picture.visibleShare) * 100);
  return {
    window,
    lines: found.flatMap(({ text, confidence: sure }) =>
      sure < DOUBTFUL ? fenced([text]).map((line) => `?${line}`) : fenced([text]),
    ),
    isComplete: false,
    source: 'recognition',
    confidence,
    about: `Text recognised in the picture of window ${window.info.id} of ${window.appName}, since the program gave none (${why}). It is a reading and can be wrong: ${confidence} % sure, doubtful lines behind "?>". Only what shows is in it`,
    notes:
      picture.visibleShare < COVERED ? [`(${covered} % of the window is covered or off the screen)`] : [],
  };
}

/** The picture of the window and nothing else; `null` when it cannot be seen. */
async function seenAlone(
  session: DesktopSession,
  { info, app }: ReadableWindow,
  call: CallContext,
): Promise<WindowPicture | null> {
  const display = displayOf(info.rect, await session.displays());
  if (display === null) return null;
  const { capture } = await session.see(display, call);
  const isOwn = capture.windows.some(({ window, pid }) => window === info.id && pid === app.pid);
  return isOwn ? windowPicture(capture, display, info.id) : null;
}

async function recognised(
  session: DesktopSession,
  { picture, why }: { readonly picture: WindowPicture; readonly why: string },
  call: CallContext,
): Promise<readonly RecognisedLine[]> {
  try {
    const lines = await session.recognition.read(await encodeForReading(picture), call.signal);
    return lines
      .map(({ text, confidence }) => ({ text: safeLine(text, MAX_LINE), confidence }))
      .filter(({ text, confidence }) => confidence >= NO_TEXT && /[\p{L}\p{N}]/u.test(text));
  } catch (error) {
    if (!(error instanceof RecognitionUnavailable)) throw error;
    throw noText(why, error.message, error.hint);
  }
}

/** Longer lines count more. */
function meanOf(lines: readonly RecognisedLine[]): number {
  const length = lines.reduce((sum, { text }) => sum + text.length, 0);
  return Math.round(lines.reduce((sum, { text, confidence }) => sum + text.length * confidence, 0) / length);
}

const noText = (why: string, alsoWhy: string, hint: string): ToolError =>
  new ToolError('no_tree', `The program gives no text of this window (${why}), and ${alsoWhy}`, { hint });

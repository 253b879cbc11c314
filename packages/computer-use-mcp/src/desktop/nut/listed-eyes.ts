import type { Subject } from '@deskhand/tier-policy';
import { setTimeout as delay } from 'node:timers/promises';
import { contains, intersection, type Rect, type Size } from '../../core/geometry.ts';
import { maskOf, type Layer } from '../../core/redaction.ts';
import { lessAll } from '../../core/visible.ts';
import type { CapturedWindow, Gesture, Judge, Judged, Keystroke, Scene, WindowInfo } from '../desktop.ts';
import type { Eyes, Sight } from './eyes.ts';
import { readActive, readList, type GetWindows } from './libraries.ts';
import { ownersOf, type OwnerSources } from './owners.ts';

const NO_WINDOW: Subject = { kind: 'unknown', reason: 'no_window' };
const NO_FOCUS: Subject = { kind: 'unknown', reason: 'no_focus' };
/** Windows puts minimised windows there. */
const FAR_AWAY = -32_000;
const LOOK_MS = 50;

export interface ListedEyesOptions {
  readonly library: GetWindows;
  readonly sources: OwnerSources;
  readonly focus: (window: number) => Promise<boolean>;
  readonly screen: () => Promise<Size>;
}

interface Reading {
  readonly windows: readonly WindowInfo[];
  /** Who is in front; it can be a window that the list lacks. */
  readonly front: { readonly id: number; readonly subject: Subject } | null;
}

/** Who is where on macOS and Windows, by the list of `get-windows`, whose owners the window system tells. */
export class ListedEyes implements Eyes {
  readonly presence = null;
  readonly control = null;
  readonly #options: ListedEyesOptions;

  constructor(options: ListedEyesOptions) {
    this.#options = options;
  }

  async windows(): Promise<readonly WindowInfo[]> {
    return (await this.#read()).windows;
  }

  async frontmost(): Promise<Scene> {
    return sceneOf(await this.#read());
  }

  async judgePointer(gesture: Gesture, judge: Judge): Promise<Judged> {
    const reading = await this.#read();
    const target = reading.windows.find(
      ({ rect, isMinimized }) => !isMinimized && contains(rect, gesture.at),
    );
    const held = gesture.kind === 'move' ? [] : gesture.modifiers;
    const keyed = held.length === 0 ? [] : [reading.front?.subject ?? NO_FOCUS];
    const scene = {
      ...sceneOf(reading),
      recipients: [target?.subject ?? NO_WINDOW, ...keyed],
      recipientWindow: target?.id ?? null,
    };
    return { decision: judge(scene), scene };
  }

  async judgeKeys(keystroke: Keystroke | null, judge: Judge): Promise<Judged> {
    const reading = await this.#read();
    const isShortcut =
      this.#options.sources.platform === 'windows' && keystroke?.modifiers.includes('super') === true;
    const scene = {
      ...sceneOf(reading),
      recipients: [reading.front?.subject ?? NO_FOCUS],
      recipientWindow: reading.front?.id ?? null,
      isShortcut,
    };
    return { decision: judge(scene), scene };
  }

  /**
   * Only the insides of listed windows that may be shown are. Menus are not listed and can reach anywhere: while the
   * window in front may not be shown, nothing is.
   */
  async sight(mayShow: (subject: Subject) => boolean): Promise<Sight> {
    const [{ windows, front }, size] = await Promise.all([this.#read(), this.#options.screen()]);
    const whole: Rect = { x: 0, y: 0, ...size };
    if (front === null || !mayShow(front.subject)) {
      return { mask: [whole], windows: [], isComposited: true };
    }
    const open = windows.filter(({ isMinimized }) => !isMinimized);
    const layers = open
      .toReversed()
      .map(({ rect, subject }): Layer => ({ outline: [rect], shown: mayShow(subject), translucent: false }));
    const background: Layer = { outline: [whole], shown: false, translucent: false };
    const mask = maskOf([background, ...layers], whole);
    return { mask, windows: shownOf(open, whole, mask), isComposited: true };
  }

  async activate(window: number, signal: AbortSignal): Promise<boolean> {
    // the library ends the process for a window that is not there
    if (!(await this.windows()).some(({ id }) => id === window)) return false;
    if (!(await this.#options.focus(window))) return false;
    for (;;) {
      if ((await this.#read()).front?.id === window) return true;
      if (signal.aborted) return false;
      await delay(LOOK_MS);
    }
  }

  async close(): Promise<void> {
    // nothing is held open
  }

  async #read(): Promise<Reading> {
    const { library, sources } = this.#options;
    const [list, activeAnswer] = await Promise.all([library.openWindows(), library.activeWindow()]);
    const listed = readList(list);
    const active = readActive(activeAnswer);
    const subjects = await ownersOf(active === null ? listed : [...listed, active], sources);
    const windows = listed.map(({ id, title, bounds }, index): WindowInfo => {
      const subject = subjects[index] ?? NO_WINDOW;
      const isMinimized = bounds.x <= FAR_AWAY;
      return { id, subject, title: title ?? '', rect: bounds, isActive: id === active?.id, isMinimized };
    });
    return {
      windows,
      front: active === null ? null : { id: active.id, subject: subjects.at(-1) ?? NO_WINDOW },
    };
  }
}

const sceneOf = ({ front }: Reading): Scene => ({
  frontmost: front?.subject ?? NO_WINDOW,
  frontmostWindow: front?.id ?? null,
  recipients: [],
  recipientWindow: null,
});

/** The windows of which something shows, given the topmost first. */
function shownOf(
  windows: readonly WindowInfo[],
  whole: Rect,
  masked: readonly Rect[],
): readonly CapturedWindow[] {
  let covered = masked;
  return windows.flatMap(({ id, subject, rect }): readonly CapturedWindow[] => {
    const inside = intersection(rect, whole);
    if (inside === null || subject.kind !== 'app') return [];
    const visible = lessAll([inside], covered);
    covered = [...covered, inside];
    const { x, y, width, height } = rect;
    const about = { window: id, pid: subject.app.pid, at: { x, y }, size: { width, height } };
    return visible.length === 0 ? [] : [{ ...about, visible }];
  });
}

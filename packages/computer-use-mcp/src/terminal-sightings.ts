import { TOOL_NEEDS, type Action, type AppIdentity, type Subject } from '@deskhand/tier-policy';
import type { Accessibility } from './accessibility/accessibility.ts';
import { contains, type Point } from './core/geometry.ts';
import type { Desktop, Scene } from './desktop/desktop.ts';

export interface Around {
  readonly desktop: Desktop;
  readonly mayShow: (subject: Subject) => boolean;
}

/** The table is emptied when it reaches this size; most of it is then about processes that ended. */
const MAX_KNOWN = 256;

/**
 * Programs that show a terminal by their own account, whoever holds its other end. They are asked before an action
 * that a terminal must not get, because the desktop is held while that is decided: then what they said last counts.
 * Of what does not answer, or never did, only what the kernel tells of terminals is known.
 */
export class TerminalSightings {
  readonly #accessibility: Pick<Accessibility, 'inside'>;
  readonly #known = new Map<string, boolean>();

  constructor(accessibility: Pick<Accessibility, 'inside'>) {
    this.#accessibility = accessibility;
  }

  /** Asks everybody granted who may get the action: who is in front, and whose windows are at its points. */
  async look(action: Action, at: readonly Point[], { desktop, mayShow }: Around): Promise<void> {
    if (TOOL_NEEDS[action.tool].tier !== 'full' && action.withModifiers !== true) return;
    const [{ frontmost }, windows] = await Promise.all([desktop.frontmost(), desktop.windows()]);
    const pointed = windows.filter(
      ({ rect, isMinimized }) => !isMinimized && at.some((point) => contains(rect, point)),
    );
    const granted = [frontmost, ...pointed.map(({ subject }) => subject)].filter(mayShow);
    const apps = granted.flatMap(appsOf);
    const each = new Map(apps.map((app) => [keyOf(app), app]));
    await Promise.all([...each.values()].map((app) => this.lookInside(app)));
  }

  /** Asks one program; true when a password field of it has the keyboard focus. */
  async lookInside(app: AppIdentity): Promise<boolean> {
    const { hasPasswordFocus, showsTerminal } = await this.#accessibility.inside(app.pid);
    if (showsTerminal !== null) {
      if (this.#known.size >= MAX_KNOWN) this.#known.clear();
      this.#known.set(keyOf(app), showsTerminal);
    }
    return hasPasswordFocus;
  }

  /** A scene with what was seen. */
  in(scene: Scene): Scene {
    return {
      ...scene,
      frontmost: this.#of(scene.frontmost),
      recipients: scene.recipients.map((subject) => this.#of(subject)),
    };
  }

  #of(subject: Subject): Subject {
    if (subject.kind === 'unknown') return subject;
    const { app, parent } = subject;
    const hasTerminal = subject.hasTerminal === true || this.#known.get(keyOf(app)) === true;
    return {
      ...subject,
      ...(hasTerminal && { hasTerminal }),
      ...(parent !== undefined && { parent: this.#of(parent) }),
    };
  }
}

/** One life of a process. */
const keyOf = ({ pid, startTime }: AppIdentity): string => `${pid}/${startTime}`;

const appsOf = (subject: Subject): readonly AppIdentity[] =>
  subject.kind === 'app'
    ? [subject.app, ...(subject.parent === undefined ? [] : appsOf(subject.parent))]
    : [];

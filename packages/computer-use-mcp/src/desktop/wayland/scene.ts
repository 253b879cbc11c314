import type { Subject } from '@deskhand/tier-policy';
import { contains, type Point } from '../../core/geometry.ts';
import type { Scene } from '../desktop.ts';
import type { Processes } from '../linux/process.ts';
import { withTerminals } from '../linux/terminals.ts';
import { focusedWindow, windowAt, type LaidWindow, type Layout } from './compositor.ts';

const NO_WINDOW: Subject = { kind: 'unknown', reason: 'no_window' };
const NO_FOCUS: Subject = { kind: 'unknown', reason: 'no_focus' };
const NO_OWNER: Subject = { kind: 'unknown', reason: 'no_owner' };

export interface OwnerSources {
  readonly processes: Processes;
  /** Tells our own dialogs by process id: no tool may touch or show them. */
  readonly isOwnDialog: (pid: number) => boolean;
}

/** Who owns a window: the process behind its socket, as the compositor had it from the kernel, and its executable. */
export function subjectOf({ pid }: LaidWindow, { processes, isOwnDialog }: OwnerSources): Subject {
  if (pid === null) return NO_OWNER;
  const identity = processes.identityOf(pid);
  if (typeof identity === 'string') return { kind: 'unknown', reason: identity };
  return { kind: 'app', app: isOwnDialog(pid) ? { ...identity, isSelf: true } : identity };
}

/** Who would receive an action by one reading of the layout. */
export class SceneReader {
  readonly #layout: Layout;
  readonly #sources: OwnerSources;
  readonly focused: LaidWindow | null;

  constructor(layout: Layout, sources: OwnerSources) {
    this.#layout = layout;
    this.#sources = sources;
    this.focused = focusedWindow(layout);
  }

  forFront(): Scene {
    return {
      frontmost: this.#front(),
      frontmostWindow: this.focused?.id ?? null,
      recipients: [],
      recipientWindow: null,
    };
  }

  forKeyboard(): Scene {
    return {
      ...this.forFront(),
      recipients: [this.focused === null ? NO_FOCUS : this.#front()],
      recipientWindow: this.focused?.id ?? null,
    };
  }

  forPointer(at: Point): { readonly scene: Scene; readonly target: LaidWindow | null } {
    const isCovered = this.#layout.over.some((rect) => contains(rect, at));
    const target = isCovered ? null : windowAt(this.#layout, at);
    const owner = target === null ? NO_WINDOW : subjectOf(target, this.#sources);
    const scene = { ...this.forFront(), recipients: [owner], recipientWindow: target?.id ?? null };
    return { scene, target };
  }

  /** Says of everybody in a scene whether a terminal runs in it. */
  probed(scene: Scene): Promise<Scene> {
    const pids = this.#layout.windows.flatMap(({ pid }) => pid ?? []);
    return withTerminals(scene, () => Promise.resolve(new Set(pids)));
  }

  #front(): Subject {
    return this.focused === null ? NO_WINDOW : subjectOf(this.focused, this.#sources);
  }
}

import type { Subject } from '@deskhand/tier-policy';
import { contains, type Point, type Rect } from '../../../core/geometry.ts';
import type { Scene } from '../../desktop.ts';
import type { Processes } from '../../linux/process.ts';
import { withTerminals } from '../../linux/terminals.ts';
import { focusedWindow, windowAt, type SwayTree, type SwayWindow } from './tree.ts';

const NO_WINDOW: Subject = { kind: 'unknown', reason: 'no_window' };
const NO_FOCUS: Subject = { kind: 'unknown', reason: 'no_focus' };
const NO_OWNER: Subject = { kind: 'unknown', reason: 'no_owner' };

export interface OwnerSources {
  readonly processes: Processes;
  /** Tells our own dialogs by process id: no tool may touch or show them. */
  readonly isOwnDialog: (pid: number) => boolean;
}

/** Who owns a window: the process behind its socket, as sway had it from the kernel, and its executable. */
export function subjectOf({ pid }: SwayWindow, { processes, isOwnDialog }: OwnerSources): Subject {
  if (pid === null) return NO_OWNER;
  const identity = processes.identityOf(pid);
  if (typeof identity === 'string') return { kind: 'unknown', reason: identity };
  return { kind: 'app', app: isOwnDialog(pid) ? { ...identity, isSelf: true } : identity };
}

/** Who would receive an action by one reading of sway's tree. */
export class SceneReader {
  readonly #tree: SwayTree;
  readonly #sources: OwnerSources;
  readonly focused: SwayWindow | null;

  constructor(tree: SwayTree, sources: OwnerSources) {
    this.#tree = tree;
    this.#sources = sources;
    this.focused = focusedWindow(tree);
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

  /** `over` are the places of panels and the like, whose owners sway does not tell. */
  forPointer(
    at: Point,
    over: readonly Rect[],
  ): { readonly scene: Scene; readonly target: SwayWindow | null } {
    const isCovered = over.some((rect) => contains(rect, at));
    const target = isCovered ? null : windowAt(this.#tree, at);
    const owner = target === null ? NO_WINDOW : subjectOf(target, this.#sources);
    const scene = { ...this.forFront(), recipients: [owner], recipientWindow: target?.id ?? null };
    return { scene, target };
  }

  /** Says of everybody in a scene whether a terminal runs in it. */
  probed(scene: Scene): Promise<Scene> {
    const pids = this.#tree.windows.flatMap(({ pid }) => pid ?? []);
    return withTerminals(scene, () => Promise.resolve(new Set(pids)));
  }

  #front(): Subject {
    return this.focused === null ? NO_WINDOW : subjectOf(this.focused, this.#sources);
  }
}

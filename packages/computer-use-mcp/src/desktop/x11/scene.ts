import type { Subject } from '@deskhand/tier-policy';
import type { Point } from '../../core/geometry.ts';
import type { Scene } from '../desktop.ts';
import { withTerminals } from '../linux/terminals.ts';
import type { XConnection } from './connection.ts';
import { Owners, type OwnerSources } from './owners.ts';
import type { Path, Paths } from './paths.ts';

const NOBODY: Subject = { kind: 'unknown', reason: 'no_window' };
const NO_FOCUS: Subject = { kind: 'unknown', reason: 'no_focus' };

/** What one reading of the desktop found, with the window ids that an injection needs. */
export interface SceneReading {
  readonly scene: Scene;
  /** The keyboard focus, or `null` when it is nowhere or follows the pointer. */
  readonly focus: number | null;
  /** Where the focus goes when its window closes: 0 nobody, 1 what is under the pointer, 2 the parent. */
  readonly revertTo: number;
  /** From the outermost window down to the one under the point, or for a key action to the one it goes to. */
  readonly path: Path;
  /** The way of keys that are pressed with the action; empty when there is no focus. */
  readonly keyPath: Path;
  /** The managed window that the action goes to; `null` for menus and unmanaged windows. */
  readonly managed: number | null;
  /** Modifier and button bits that are down right now. */
  readonly stateMask: number;
}

/** Reads who would receive an action. One object serves one reading. */
export class SceneReader {
  readonly #x: XConnection;
  readonly #paths: Paths;
  readonly #subjects = new Map<number, Promise<Subject>>();
  readonly owners: Owners;

  constructor(x: XConnection, sources: OwnerSources) {
    this.#x = x;
    this.#paths = sources.paths;
    this.owners = new Owners(x, sources);
  }

  pathAt(point: Point): Promise<Path> {
    return this.#paths.at(this.#x, point);
  }

  pathUnderPointer(): Promise<Path> {
    return this.#paths.underPointer(this.#x);
  }

  pathOf(window: number): Promise<Path> {
    return this.#paths.of(this.#x, window);
  }

  /** Only who is in front. */
  async forFront(): Promise<Scene> {
    const front = await this.#front();
    return this.#probed({
      frontmost: await front.subject,
      frontmostWindow: front.window,
      recipients: [],
      recipientWindow: null,
    });
  }

  /** The scene for a pointer action at a point. */
  async forPointer(at: Point, finding = this.pathAt(at)): Promise<SceneReading> {
    const [front, path] = await Promise.all([this.#front(), finding]);
    const managed = path.find((window) => front.clients.has(window)) ?? null;
    const judged = managed === null ? path : path.slice(path.indexOf(managed));
    const [frontmost, owners, keyPath, focusOwners] = await Promise.all([
      front.subject,
      this.#distinctOwners(judged),
      // the pointer is at the point before any key is pressed
      this.#keyPath(front.focus, path),
      this.#focusRecipient(front),
    ]);
    const recipients = owners.length === 0 ? [NOBODY] : owners;
    return {
      scene: await this.#probed({
        frontmost,
        frontmostWindow: front.window,
        recipients: [...recipients, ...focusOwners],
        recipientWindow: managed ?? path[0] ?? null,
      }),
      focus: front.focus,
      revertTo: front.revertTo,
      path,
      keyPath,
      managed,
      stateMask: front.stateMask,
    };
  }

  /**
   * The way of a key: to the focus wherever the pointer is, but when the pointer is inside the focus then on to
   * the window under it, which may be embedded and belong to somebody else.
   */
  async #keyPath(focus: number | null, pointed: Path): Promise<Path> {
    if (focus === null) return [];
    return pointed.includes(focus) ? pointed : this.pathOf(focus);
  }

  /** The scene for a key action. */
  async forKeyboard(): Promise<SceneReading> {
    const [front, pointed] = await Promise.all([this.#front(), this.pathUnderPointer()]);
    const path = await this.#keyPath(front.focus, pointed);
    const managed = path.find((window) => front.clients.has(window)) ?? null;
    const [frontmost, owners] = await Promise.all([
      front.subject,
      this.#distinctOwners(managed === null ? path : path.slice(path.indexOf(managed))),
    ]);
    return {
      scene: await this.#probed({
        frontmost,
        frontmostWindow: front.window,
        recipients: owners.length === 0 ? [NO_FOCUS] : owners,
        recipientWindow: managed ?? path[0] ?? null,
      }),
      focus: front.focus,
      revertTo: front.revertTo,
      path,
      keyPath: path,
      managed,
      stateMask: front.stateMask,
    };
  }

  /** Says of everybody in a scene whether a terminal runs in it. */
  #probed(scene: Scene): Promise<Scene> {
    return withTerminals(scene, () => this.owners.windowed());
  }

  /** The owner of a window, lowered to the window it is shown for when that belongs to somebody else. */
  subjectOf(window: number): Promise<Subject> {
    const known = this.#subjects.get(window);
    if (known !== undefined) return known;
    const found = this.#findSubject(window);
    // awaited by whoever reads on; when the reading fails before that, its own error counts
    found.catch(() => undefined);
    this.#subjects.set(window, found);
    return found;
  }

  async #findSubject(window: number): Promise<Subject> {
    const [subject, [parent]] = await Promise.all([
      this.owners.of(window),
      this.#x.longs(window, 'WM_TRANSIENT_FOR', 1),
    ]);
    if (subject.kind === 'unknown') return subject;
    if (parent === undefined || parent === 0 || parent === this.#x.root) return subject;
    if (this.owners.clientOf(parent) === this.owners.clientOf(window)) return subject;
    return { ...subject, parent: await this.owners.of(parent) };
  }

  async #front() {
    const { client, root } = this.#x;
    const { lastFront } = this.#paths;
    if (lastFront !== null) void this.subjectOf(lastFront);
    const [active, focused, clients, pointer] = await Promise.all([
      this.#x.longs(root, '_NET_ACTIVE_WINDOW', 1),
      this.#x.ask<{ readonly focus: number; readonly revertTo: number }>((reply) =>
        client.GetInputFocus(reply),
      ),
      this.#x.longs(root, '_NET_CLIENT_LIST'),
      this.#x.ask<{ readonly keyMask: number }>((reply) => client.QueryPointer(root, reply)),
    ]);
    const window = active[0] === undefined || active[0] === 0 ? null : active[0];
    this.#paths.lastFront = window;
    return {
      window,
      subject: window === null ? Promise.resolve(NOBODY) : this.subjectOf(window),
      revertTo: focused.revertTo,
      focus: focused.focus > 1 && focused.focus !== root ? focused.focus : null,
      clients: new Set(clients),
      stateMask: pointer.keyMask,
    };
  }

  /** An active window that does not hold the focus is not in front: the focus owner is judged as well. */
  async #focusRecipient(front: { readonly focus: number | null; readonly window: number | null }) {
    if (front.focus === null) return [NO_FOCUS];
    if (front.window !== null && this.owners.clientOf(front.window) === this.owners.clientOf(front.focus))
      return [];
    return [await this.owners.of(front.focus)];
  }

  async #distinctOwners(windows: readonly number[]): Promise<readonly Subject[]> {
    const [outermost] = windows;
    const byClient = new Map(windows.map((window) => [this.owners.clientOf(window), window]));
    return Promise.all(
      [...byClient].map(([owner, window]) =>
        outermost !== undefined && owner === this.owners.clientOf(outermost)
          ? this.subjectOf(outermost)
          : this.owners.of(window),
      ),
    );
  }
}

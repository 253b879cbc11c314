import type { Protocol } from 'devtools-protocol';
import type { CdpSession, Connection } from '../cdp/connection.ts';
import { CdpFrame } from './frame.ts';

export interface FrameTreeParts {
  readonly connection: Connection;
  readonly page: CdpSession;
  /** Of the page itself. */
  readonly frameId: string;
  readonly script: string;
  /** Prepares a session, of the page or of a frame in another process, before anything in it runs. */
  prepare(session: CdpSession): Promise<unknown>;
}

/** The frames of a tab, kept from the events of all processes that show a part of it. */
export class FrameTree {
  readonly #parts: FrameTreeParts;
  readonly #byId = new Map<string, CdpFrame>();
  #ordinals = 0;
  readonly main: CdpFrame;

  constructor(parts: FrameTreeParts) {
    this.#parts = parts;
    const { frameId: id, page: session, script } = parts;
    this.main = new CdpFrame({ id, ordinal: 0, url: '', session, parent: null, script });
    this.#byId.set(id, this.main);
  }

  /** Depth first. */
  all(): readonly CdpFrame[] {
    const below = (frame: CdpFrame): CdpFrame[] => [frame, ...frame.children.flatMap(below)];
    return below(this.main);
  }

  async follow(session: CdpSession): Promise<void> {
    session.on('Page.frameAttached', ({ frameId, parentFrameId }) =>
      this.#attached(frameId, parentFrameId, session),
    );
    session.on('Page.frameNavigated', ({ frame }) => this.#navigated(frame, session));
    session.on('Page.navigatedWithinDocument', ({ frameId, url }) => {
      const frame = this.#byId.get(frameId);
      if (frame !== undefined) frame.url = url;
    });
    session.on('Page.frameDetached', ({ frameId, reason }) => {
      const frame = this.#byId.get(frameId);
      // a frame that only changes its process is told of by its new session
      if (reason !== 'remove' || frame === undefined) return;
      if (frame.session === session || frame.parent?.session === session) this.#remove(frame);
    });
    session.on('Target.attachedToTarget', ({ sessionId, targetInfo }) => {
      if (targetInfo.type === 'iframe') void this.#moved(targetInfo, sessionId, session);
    });
    session.on('Target.detachedFromTarget', ({ sessionId }) => {
      const frame = this.all().find((candidate) => candidate.session.id === sessionId);
      if (frame?.parent == null) return;
      // its process is gone; the frame is still there, and may be back in that of its parent
      for (const child of [...frame.children]) this.#remove(child);
      frame.moveTo(frame.parent.session);
    });
    await this.#parts.prepare(session);
    const { frameTree } = await session.send('Page.getFrameTree');
    this.#adopt(frameTree, session);
  }

  async #moved(
    { targetId, parentFrameId }: Protocol.Target.TargetInfo,
    sessionId: string,
    outer: CdpSession,
  ): Promise<void> {
    const session = this.#parts.connection.session(sessionId);
    const frame = this.#byId.get(targetId) ?? this.#attached(targetId, parentFrameId ?? '', outer);
    frame?.moveTo(session);
    for (const child of [...(frame?.children ?? [])]) this.#remove(child);
    try {
      await this.follow(session);
    } catch {
      // the frame went away while it was looked at: its parent's session tells that
    }
  }

  /** What was there before; later changes are told by events, and may have been by now. */
  #adopt(tree: Protocol.Page.FrameTree, session: CdpSession): void {
    const { id, parentId, url, urlFragment = '' } = tree.frame;
    const known = session === this.#parts.page && parentId === undefined ? this.main : this.#byId.get(id);
    const frame = known ?? this.#attached(id, parentId ?? '', session);
    if (frame?.session === session && frame.url === '') frame.url = url + urlFragment;
    for (const child of tree.childFrames ?? []) this.#adopt(child, session);
  }

  #attached(id: string, parentId: string, session: CdpSession): CdpFrame | null {
    const known = this.#byId.get(id);
    if (known !== undefined) {
      // back in the process of its parent
      if (known.session !== session) known.moveTo(session);
      return known;
    }
    const parent = this.#byId.get(parentId);
    if (parent === undefined) return null;
    this.#ordinals += 1;
    const { script } = this.#parts;
    const frame = new CdpFrame({ id, ordinal: this.#ordinals, url: '', session, parent, script });
    parent.children.push(frame);
    this.#byId.set(id, frame);
    return frame;
  }

  #navigated({ id, parentId, url, urlFragment = '' }: Protocol.Page.Frame, session: CdpSession): void {
    const isMain = parentId === undefined && session === this.#parts.page;
    if (isMain && id !== this.main.id) {
      this.#byId.delete(this.main.id);
      this.main.id = id;
      this.#byId.set(id, this.main);
    }
    const frame = isMain ? this.main : (this.#byId.get(id) ?? this.#attached(id, parentId ?? '', session));
    if (frame === null) return;
    // a session that the frame has left already says nothing new of it
    if (frame.session !== session) return;
    for (const child of [...frame.children]) this.#remove(child);
    frame.renew(url + urlFragment);
    if (isMain) frame.prepareWorld();
  }

  #remove(frame: CdpFrame): void {
    for (const child of [...frame.children]) this.#remove(child);
    const siblings = frame.parent?.children ?? [];
    const at = siblings.indexOf(frame);
    if (at !== -1) siblings.splice(at, 1);
    this.#byId.delete(frame.id);
  }
}

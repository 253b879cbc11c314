import { alsoStoppedBy } from '@deskhand/server-runtime';
import type { CdpSession, Connection } from '../cdp/connection.ts';
import { Activity, type TabWatch } from './activity.ts';
import { Dialogs, type OpenDialog } from './dialog.ts';
import { DialogOpen, TabClosed, TabCrashed, TimeUp } from './failure.ts';
import { Followed } from './followed.ts';
import { FrameTree } from './frame-tree.ts';
import type { Frame } from './frame.ts';
import { Interception } from './interception.ts';
import { Turns, unlessAborted } from './turns.ts';
import { wake } from './watchdog.ts';

export interface TabParts {
  /** As the model knows it. */
  readonly id: string;
  readonly targetId: string;
  readonly connection: Connection;
  readonly page: CdpSession;
  readonly script: string;
  /** Milliseconds that one call may take. */
  readonly deadline: number;
  /** What the browser last said of it. */
  about(): { readonly url: string; readonly title: string };
}

export interface TurnOptions {
  /** The call mends what is broken: it runs although the page crashed. */
  readonly mends?: boolean;
}

/** A tab that is in use. What happens to it from outside ends the calls that wait for it. */
export class Tab {
  readonly id: string;
  readonly targetId: string;
  readonly page: CdpSession;
  readonly activity = new Activity();
  readonly dialogs: Dialogs;
  /** Those of the page and of its frames in other processes, each before anything in it runs. */
  readonly sessions = new Followed<CdpSession>();
  readonly interception = new Interception(this.sessions);
  readonly #parts: TabParts;
  readonly #tree: FrameTree;
  readonly #turns = new Turns();
  readonly #running = new Set<AbortController>();
  #broken: Error | null = null;
  #leavingFor: { readonly url: string; readonly loaderId: string } | null = null;

  constructor(parts: TabParts) {
    const { id, targetId, page, connection, script } = parts;
    this.id = id;
    this.targetId = targetId;
    this.page = page;
    this.#parts = parts;
    this.dialogs = new Dialogs(page, {
      opened: (dialog) => {
        this.activity.tell({ kind: 'dialog', dialog });
        this.interrupt(new DialogOpen(dialog));
      },
      closed: () => undefined,
    });
    page.on('Page.frameNavigated', ({ frame }) => {
      if (frame.parentId === undefined) this.#arrived();
    });
    page.on('Page.frameStartedNavigating', ({ frameId, url, loaderId, navigationType }) => {
      const isNew = !navigationType.includes('ameDocument');
      if (frameId === this.main.id && isNew) this.#leavingFor = { url, loaderId };
    });
    page.on('Network.loadingFailed', ({ requestId }) => this.#stayed(requestId));
    page.on('Network.loadingFinished', ({ requestId }) => this.#stayed(requestId));
    const prepare = (session: CdpSession): Promise<unknown> => this.#prepare(session);
    this.#tree = new FrameTree({ connection, page, frameId: targetId, script, prepare });
  }

  /** Listens to the page; until then nothing is known of what is in it. */
  async open(signal: AbortSignal): Promise<void> {
    await unlessAborted(this.#tree.follow(this.page), signal);
  }

  get url(): string {
    return this.#parts.about().url;
  }

  get title(): string {
    return this.#parts.about().title;
  }

  get connection(): Connection {
    return this.#parts.connection;
  }

  get main(): Frame {
    return this.#tree.main;
  }

  /** Depth first, the page itself first. */
  frames(): readonly Frame[] {
    return this.#tree.all();
  }

  frame(ordinal: number): Frame | null {
    return this.#tree.all().find((frame) => frame.ordinal === ordinal) ?? null;
  }

  /**
   * The address that the page is being left for, until its server answers: the browser keeps all commands back from
   * the page that long, so that nothing in it answers.
   */
  get pendingNavigation(): string | null {
    return this.#leavingFor?.url ?? null;
  }

  get dialog(): OpenDialog | null {
    return this.dialogs.open;
  }

  get isCrashed(): boolean {
    return this.#broken instanceof TabCrashed;
  }

  /** Milliseconds that one call may take. */
  get deadline(): number {
    return this.#parts.deadline;
  }

  watch(): TabWatch {
    return this.activity.watch();
  }

  /**
   * Does work that nothing else in this tab comes between, within the time of one call. A dialog, a crash and the end
   * of the tab end it at once.
   *
   * @throws DialogOpen, TabCrashed, TabClosed, TimeUp
   */
  async inTurn<T>(
    work: (signal: AbortSignal) => Promise<T>,
    outer: AbortSignal,
    { mends = false }: TurnOptions = {},
  ): Promise<T> {
    const { deadline } = this.#parts;
    const stop = new AbortController();
    const timer = setTimeout(() => stop.abort(timeIsUp), deadline);
    this.#running.add(stop);
    try {
      this.#check(mends);
      const { signal } = stop;
      return await alsoStoppedBy(outer, stop, () =>
        this.#turns.inTurn(() => {
          this.#check(mends);
          return unlessAborted(work(signal), signal);
        }, signal),
      );
    } catch (error) {
      if (error !== timeIsUp) throw error;
      throw new TimeUp(await wake(this.page, this.pendingNavigation !== null), deadline);
    } finally {
      clearTimeout(timer);
      this.#running.delete(stop);
    }
  }

  /** A call is at work in it. */
  get isBusy(): boolean {
    return this.#running.size > 0;
  }

  /** Ends the calls that are at work in it. */
  interrupt(reason: Error): void {
    for (const running of this.#running) running.abort(reason);
  }

  /** The process that shows it ended. */
  crashed(): void {
    this.dialogs.forget();
    this.#broken = new TabCrashed('the process of the page ended');
    this.interrupt(this.#broken);
  }

  /** It was a file, an empty answer or a failure, whose page of its own comes by itself. */
  #stayed(loaderId: string): void {
    if (this.#leavingFor?.loaderId === loaderId) this.#leavingFor = null;
  }

  #arrived(): void {
    this.#leavingFor = null;
    if (this.isCrashed) this.#broken = null;
  }

  /** Ends the process of the page, which is heard even when the page hears nothing. */
  crash(): void {
    // it ends before it answers
    this.page.send('Page.crash').catch(() => undefined);
  }

  closed(reason: string): void {
    this.dialogs.forget();
    this.#broken = new TabClosed(reason);
    this.interrupt(this.#broken);
  }

  #check(mends: boolean): void {
    if (this.#broken !== null && !(mends && this.isCrashed)) throw this.#broken;
    if (this.dialogs.open !== null) throw new DialogOpen(this.dialogs.open);
  }

  /** A worker waits for us as a frame does: until it is let go, it does not run. */
  #followWorkers(session: CdpSession): void {
    session.on('Target.attachedToTarget', ({ sessionId, targetInfo }) => {
      if (targetInfo.type !== 'worker') return;
      const worker = this.#parts.connection.session(sessionId);
      this.activity.followFailures(worker);
      this.#followWorkers(worker);
      Promise.all([
        worker.send('Network.enable', {}),
        worker.send('Target.setAutoAttach', ATTACHING),
        worker.send('Runtime.runIfWaitingForDebugger'),
      ]).catch(() => undefined); // it ended at once
    });
  }

  /** Sent together, because each waits for the page. */
  #prepare(session: CdpSession): Promise<unknown> {
    const isPage = session === this.page;
    this.activity.follow(session, { isPage });
    this.sessions.add(session);
    session.on('Target.detachedFromTarget', ({ sessionId }) =>
      this.sessions.remove(this.#parts.connection.session(sessionId)),
    );
    this.#followWorkers(session);
    return Promise.all([
      session.send('Page.enable'),
      session.send('Network.enable', {}),
      session.send('Target.setAutoAttach', ATTACHING),
      ...(isPage ? [session.send('Emulation.setFocusEmulationEnabled', { enabled: true })] : []),
      session.send('Runtime.runIfWaitingForDebugger'),
    ]);
  }
}

const ATTACHING = {
  ...{ autoAttach: true, waitForDebuggerOnStart: true, flatten: true },
  filter: [{ type: 'iframe' }, { type: 'worker' }],
};

const timeIsUp = new Error('the time is up');

import { z } from 'zod';
import type { Rect } from '../../../core/geometry.ts';
import { bindingsOf, type Bindings } from './bindings.ts';
import { MESSAGE, SwayIpc, type SwayEvent } from './ipc.ts';
import { layersOver } from './layer-surfaces.ts';
import { readTree, type SwayTree } from './tree.ts';

const versionSchema = z.object({ variant: z.string().optional(), human_readable: z.string() });
const resultsSchema = z.array(z.object({ success: z.boolean(), error: z.string().optional() }));
const workspacesSchema = z.array(
  z.object({
    focused: z.boolean(),
    rect: z.object({ x: z.number(), y: z.number(), width: z.number(), height: z.number() }),
  }),
);
const configSchema = z.object({ config: z.string() });
const modeSchema = z.object({ name: z.string() });
const tickSchema = z.object({ payload: z.string() });
const windowEventSchema = z.object({ change: z.string() });

const WINDOW_EVENT = 3;
const WORKSPACE_EVENT = 0;
const TICK_EVENT = 7;
/** Events that change neither the place of a window nor who has the focus. */
const HARMLESS = new Set(['title', 'mark', 'urgent']);

/** Sway as seen from outside: what is on the screen, and whether that changed in between. */
export class SwaySession {
  readonly #questions: SwayIpc;
  readonly #events: SwayIpc;
  readonly #watch: Watch;

  private constructor(questions: SwayIpc, events: SwayIpc, watch: Watch) {
    this.#questions = questions;
    this.#events = events;
    this.#watch = watch;
  }

  static async open(socket: string): Promise<SwaySession> {
    const watch = new Watch();
    const questions = await SwayIpc.open(socket);
    const events = await SwayIpc.open(socket, (event) => watch.take(event));
    const session = new SwaySession(questions, events, watch);
    try {
      const { variant, human_readable: version } = versionSchema.parse(await questions.ask(MESSAGE.version));
      if (variant !== 'sway') throw new Error(`version ${version} of another program answers, not sway`);
      await events.ask(MESSAGE.subscribe, JSON.stringify(['window', 'workspace', 'tick']));
      return session;
    } catch (error) {
      session.close();
      throw error;
    }
  }

  get isLost(): boolean {
    return this.#questions.isLost || this.#events.isLost;
  }

  async tree(): Promise<SwayTree> {
    return readTree(await this.#questions.ask(MESSAGE.tree));
  }

  /** Counts what happened to windows and focus up to now; two equal counts have nothing in between. */
  async changes(): Promise<number> {
    const mark = this.#watch.nextMark();
    const arrived = this.#watch.arrivalOf(mark);
    await this.#questions.ask(MESSAGE.tick, mark);
    await Promise.race([arrived, this.#events.lost]);
    return this.#watch.count;
  }

  async layersOver(): Promise<readonly Rect[]> {
    return layersOver(await this.#questions.ask(MESSAGE.outputs));
  }

  /** The room for windows of the workspace that has the focus; `null` when none has. */
  async room(): Promise<Rect | null> {
    const workspaces = workspacesSchema.parse(await this.#questions.ask(MESSAGE.workspaces));
    return workspaces.find(({ focused }) => focused)?.rect ?? null;
  }

  async bindings(): Promise<Bindings> {
    return bindingsOf(configSchema.parse(await this.#questions.ask(MESSAGE.config)).config);
  }

  /** The set of bindings that is active; `default` unless a person switched. */
  async mode(): Promise<string> {
    return modeSchema.parse(await this.#questions.ask(MESSAGE.mode)).name;
  }

  /** Runs commands in one piece, and says whether all were done. */
  async run(command: string): Promise<boolean> {
    const results = resultsSchema.parse(await this.#questions.ask(MESSAGE.command, command));
    return results.every(({ success }) => success);
  }

  close(): void {
    this.#questions.close();
    this.#events.close();
  }
}

/** Counts changes, and tells when the marks that we send come back among them. */
class Watch {
  readonly #marks = new Map<string, () => void>();
  #sent = 0;
  count = 0;

  nextMark(): string {
    this.#sent += 1;
    return `deskhand ${process.pid} ${this.#sent}`;
  }

  arrivalOf(mark: string): Promise<void> {
    return new Promise((resolve) => this.#marks.set(mark, resolve));
  }

  take({ type, payload }: SwayEvent): void {
    if (type === TICK_EVENT) {
      const mark = tickSchema.parse(payload).payload;
      this.#marks.get(mark)?.();
      this.#marks.delete(mark);
    } else if (type === WORKSPACE_EVENT) {
      this.count += 1;
    } else if (type === WINDOW_EVENT && !HARMLESS.has(windowEventSchema.parse(payload).change)) {
      this.count += 1;
    }
  }
}

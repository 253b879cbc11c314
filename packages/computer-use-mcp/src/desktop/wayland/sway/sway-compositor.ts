import { z } from 'zod';
import type { Rect } from '../../../core/geometry.ts';
import type { Aim, Compositor, Layout, Shortcuts } from '../compositor.ts';
import { bindingsOf, isBound } from './bindings.ts';
import { commandsOf } from './gesture.ts';
import { MESSAGE, SwayIpc, type SwayEvent } from './ipc.ts';
import { layersOver } from './layer-surfaces.ts';
import { readTree } from './tree.ts';

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
/** Sway waits this long for programs to draw a new layout; until then the picture can be that of the old one. */
const SETTLE_MS = 250;
const DEFAULT_MODE = 'default';

/** Sway as seen from outside. Its commands can be bound to the process in front, so gestures are commands. */
export class SwayCompositor implements Compositor {
  readonly name = 'sway';
  readonly pointsAtFrontOnly = false;
  readonly #questions: SwayIpc;
  readonly #events: SwayIpc;
  readonly #watch: Watch;

  private constructor(questions: SwayIpc, events: SwayIpc, watch: Watch) {
    this.#questions = questions;
    this.#events = events;
    this.#watch = watch;
  }

  static async open(socket: string): Promise<SwayCompositor> {
    const watch = new Watch();
    const questions = await SwayIpc.open(socket);
    const events = await SwayIpc.open(socket, (event) => watch.take(event));
    const compositor = new SwayCompositor(questions, events, watch);
    try {
      const { variant, human_readable: version } = versionSchema.parse(await questions.ask(MESSAGE.version));
      if (variant !== 'sway') throw new Error(`version ${version} of another program answers, not sway`);
      await events.ask(MESSAGE.subscribe, JSON.stringify(['window', 'workspace', 'tick']));
      return compositor;
    } catch (error) {
      compositor.close();
      throw error;
    }
  }

  get isLost(): boolean {
    return this.#questions.isLost || this.#events.isLost;
  }

  async layout(): Promise<Layout> {
    // answered in this order
    const [outputs, tree] = await Promise.all([
      this.#questions.ask(MESSAGE.outputs),
      this.#questions.ask(MESSAGE.tree),
    ]);
    return { ...readTree(tree), over: layersOver(outputs), settleMs: SETTLE_MS, turn: 0 };
  }

  async changes(): Promise<number> {
    const mark = this.#watch.nextMark();
    const arrived = this.#watch.arrivalOf(mark);
    await this.#questions.ask(MESSAGE.tick, mark);
    await Promise.race([arrived, this.#events.lost]);
    return this.#watch.count;
  }

  async shortcuts(): Promise<Shortcuts> {
    const [config, mode] = await Promise.all([
      this.#questions.ask(MESSAGE.config),
      this.#questions.ask(MESSAGE.mode),
    ]);
    const bindings = bindingsOf(configSchema.parse(config).config);
    const { name } = modeSchema.parse(mode);
    return {
      isBound: (stroke) => isBound(stroke, bindings),
      mode: name === DEFAULT_MODE ? null : name,
    };
  }

  /** The room for windows of the workspace that has the focus; `null` when none has. */
  async room(): Promise<Rect | null> {
    const workspaces = workspacesSchema.parse(await this.#questions.ask(MESSAGE.workspaces));
    return workspaces.find(({ focused }) => focused)?.rect ?? null;
  }

  pointer(): Promise<null> {
    return Promise.resolve(null);
  }

  async focus(window: number): Promise<boolean> {
    if (!(await this.run(`[con_id=${window}] focus`))) return false;
    const { windows } = await this.layout();
    return windows.some(({ id, focused }) => id === window && focused);
  }

  /** No window has the focus in sway's tree while a launcher or a lock has the keyboard. */
  hasKeyboard(): Promise<boolean> {
    return Promise.resolve(true);
  }

  point(aim: Aim): Promise<boolean> {
    return this.run(commandsOf(aim));
  }

  close(): void {
    this.#questions.close();
    this.#events.close();
  }

  /** Runs commands in one piece, and says whether all were done. */
  async run(command: string): Promise<boolean> {
    const results = resultsSchema.parse(await this.#questions.ask(MESSAGE.command, command));
    return results.every(({ success }) => success);
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

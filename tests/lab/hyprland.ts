import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';

import { z } from 'zod';

import type { Closable } from './belongings.ts';
import { COMMAND, OUTPUTS, TREE, askSway } from './sway-questions.ts';
import { startSway, type SwayLab, type SwayOptions } from './sway.ts';
import type { Rect } from './windows.ts';

const SIGNATURE = 'lab_1';
const LOG = 'sway.log';
const MOTION = /\.motion_absolute\(\d+, (\d+), (\d+), \d+, \d+\)/g;

interface Node {
  readonly id: number;
  readonly type: string;
  readonly name?: string | null | undefined;
  readonly pid?: number | undefined;
  readonly shell?: string | undefined;
  readonly focused: boolean;
  readonly visible?: boolean | undefined;
  readonly fullscreen_mode?: number | undefined;
  readonly rect: Rect;
  readonly window_rect: Rect;
  readonly nodes: readonly Node[];
  readonly floating_nodes: readonly Node[];
}

const Place = z.object({ x: z.number(), y: z.number(), width: z.number(), height: z.number() });

const Tree: z.ZodType<Node> = z.object({
  id: z.number(),
  type: z.string(),
  name: z.string().nullish(),
  pid: z.number().optional(),
  shell: z.string().optional(),
  focused: z.boolean(),
  visible: z.boolean().optional(),
  fullscreen_mode: z.number().optional(),
  rect: Place,
  window_rect: Place,
  get nodes() {
    return z.array(Tree);
  },
  get floating_nodes() {
    return z.array(Tree);
  },
});

const viewsIn = (node: Node): readonly Node[] => [
  ...(node.shell === undefined ? [] : [node]),
  ...[...node.nodes, ...node.floating_nodes].flatMap(viewsIn),
];

const addressOf = ({ id }: Node): string => `0x55d0c0de${id.toString(16).padStart(4, '0')}`;

/** A window in the words of `hyprctl clients`, as versions 0.54 and 0.55 say it. */
const clientOf = (view: Node) => ({
  address: addressOf(view),
  mapped: true,
  hidden: view.visible !== true,
  at: [view.rect.x + view.window_rect.x, view.rect.y + view.window_rect.y],
  size: [view.window_rect.width, view.window_rect.height],
  workspace: { id: 1, name: '1' },
  floating: view.type === 'floating_con',
  monitor: 0,
  class: '',
  title: view.name ?? '',
  initialClass: '',
  initialTitle: '',
  pid: view.pid ?? 0,
  xwayland: view.shell !== 'xdg_shell',
  pinned: false,
  fullscreen: (view.fullscreen_mode ?? 0) > 0 ? 2 : 0,
  fullscreenClient: 0,
  overFullscreen: false,
  grouped: [],
  tags: [],
  swallowing: '0x0',
  focusHistoryID: 0,
});

/** A session that looks like one of Hyprland, on a real sway without a screen. */
export interface HyprlandLab extends SwayLab {
  /** The folder of its sockets. */
  readonly instance: string;
  /** From now on no window gets the keyboard: a launcher has it, which Hyprland does not tell. */
  holdKeyboard(isHeld: boolean): void;
  /** What its configuration binds; to be added to. */
  readonly binds: { readonly modmask: number; readonly key: string }[];
}

/** Answers as Hyprland's sockets do, by what sway says. */
class Bridge implements Closable {
  readonly #lab: SwayLab;
  readonly #servers: Server[] = [];
  readonly #listeners = new Set<Socket>();
  #known: ReadonlySet<string> = new Set();
  /** Stays the same while a layer has the keyboard, as with Hyprland. */
  #active: string | null = null;
  /** How far the log was read, and the place of the pointer by it. */
  #read = 0;
  #at = { x: 0, y: 0 };
  isKeyboardHeld = false;
  readonly binds: { readonly modmask: number; readonly key: string }[] = [];

  constructor(lab: SwayLab) {
    this.#lab = lab;
  }

  async listen(folder: string): Promise<void> {
    const questions = createServer((socket) => {
      socket.on('error', () => socket.destroy());
      socket.once('data', (bytes: Buffer) => {
        void this.#reply(bytes.toString()).then(
          (answer) => socket.end(answer),
          (error: unknown) => socket.end(String(error)),
        );
      });
    });
    const events = createServer((socket) => {
      socket.on('error', () => socket.destroy());
      socket.on('close', () => this.#listeners.delete(socket));
      this.#listeners.add(socket);
    });
    this.#servers.push(questions, events);
    const listening = (server: Server, name: string) =>
      new Promise<void>((resolve) => server.listen(join(folder, name), resolve));
    await Promise.all([listening(questions, '.socket.sock'), listening(events, '.socket2.sock')]);
  }

  close(): Promise<void> {
    for (const listener of this.#listeners) listener.destroy();
    for (const server of this.#servers) server.close();
    return Promise.resolve();
  }

  async #reply(request: string): Promise<string> {
    const batch = '[[BATCH]]';
    if (!request.startsWith(batch)) return this.#answer(request, await this.#views());
    const views = await this.#views();
    const parts = request.slice(batch.length).split(';');
    return (await Promise.all(parts.map((part) => this.#answer(part, views)))).join('\n\n\n');
  }

  async #answer(request: string, views: readonly Node[]): Promise<string> {
    const focus = /^dispatch focuswindow address:(0x[0-9a-f]+)$/.exec(request)?.[1];
    if (focus !== undefined) return this.#focus(views.find((view) => addressOf(view) === focus));
    if (request === 'j/clients') return JSON.stringify(views.map(clientOf));
    if (request === 'j/activewindow') return this.#active === null ? '{}' : `{"address":"${this.#active}"}`;
    if (request === 'j/monitors') return JSON.stringify([await this.#monitor()]);
    if (request === 'j/layers')
      return '{\n"HEADLESS-1": {\n    "levels": {"0": [],"1": [],"2": [],"3": []}}}\n';
    if (request === 'j/locked') return '\n{\n    "locked": false\n}\n';
    if (request === 'j/animations') return '[[{"name":"global","enabled":true,"speed":0.5}],[]]';
    if (request === 'j/submap') return '"default"\n';
    if (request === 'j/cursorpos') return JSON.stringify(this.#pointer());
    if (request === 'j/binds') {
      const rest = { submap: '', keycode: 0, catch_all: false, dispatcher: 'exec', arg: '' };
      return JSON.stringify(this.binds.map((bind) => ({ ...rest, ...bind })));
    }
    return 'unknown request';
  }

  async #views(): Promise<readonly Node[]> {
    const views = viewsIn(Tree.parse(await askSway(this.#lab.socket, TREE)));
    const now = new Set(views.map(addressOf));
    for (const one of now) if (!this.#known.has(one)) this.#tell('openwindow', `${one.slice(2)},1,,`);
    for (const one of this.#known) if (!now.has(one)) this.#tell('closewindow', one.slice(2));
    this.#known = now;
    const focused = views.find((view) => view.focused);
    const active = focused === undefined ? null : addressOf(focused);
    if (active !== this.#active) this.#tell('activewindowv2', active?.slice(2) ?? '');
    this.#active = active;
    return views;
  }

  async #focus(view: Node | undefined): Promise<string> {
    if (view === undefined) return 'No such window found';
    if (this.isKeyboardHeld) return 'ok';
    await askSway(this.#lab.socket, COMMAND, `[con_id=${view.id}] focus`);
    this.#active = addressOf(view);
    this.#tell('activewindow', `,${view.name ?? ''}`);
    this.#tell('activewindowv2', this.#active.slice(2));
    return 'ok';
  }

  async #monitor(): Promise<unknown> {
    const outputs = z.array(z.object({ rect: Place })).parse(await askSway(this.#lab.socket, OUTPUTS));
    const { x, y, width, height } = outputs[0]?.rect ?? { x: 0, y: 0, width: 0, height: 0 };
    const workspaces = { activeWorkspace: { id: 1, name: '1' }, specialWorkspace: { id: 0, name: '' } };
    return { id: 0, name: 'HEADLESS-1', width, height, x, y, scale: 1, transform: 0, ...workspaces };
  }

  /** Sway tells nobody; its log has what virtual pointers were moved to. */
  #pointer(): { readonly x: number; readonly y: number } {
    const log = openSync(join(this.#lab.folder, LOG), 'r');
    try {
      const { size } = fstatSync(log);
      const more = Buffer.alloc(size - this.#read);
      this.#read += readSync(log, more, 0, more.length, this.#read);
      for (const [, x, y] of more.toString('latin1').matchAll(MOTION)) {
        this.#at = { x: Math.floor(Number(x) / 2), y: Math.floor(Number(y) / 2) };
      }
      return this.#at;
    } finally {
      closeSync(log);
    }
  }

  #tell(name: string, data: string): void {
    for (const listener of this.#listeners) listener.write(`${name}>>${data}\n`);
  }
}

/** Starts a sway that speaks Hyprland's language to those who look for Hyprland. */
export async function startHyprland(options: SwayOptions = {}): Promise<HyprlandLab> {
  const lab = await startSway({ ...options, log: LOG });
  try {
    const instance = join(lab.folder, 'run', 'hypr', SIGNATURE);
    await mkdir(instance, { recursive: true });
    const bridge = lab.own(new Bridge(lab));
    await bridge.listen(instance);
    const env = Object.fromEntries(Object.entries(lab.env).filter(([name]) => name !== 'SWAYSOCK'));
    return {
      ...lab,
      env: { ...env, HYPRLAND_INSTANCE_SIGNATURE: SIGNATURE, XDG_CURRENT_DESKTOP: 'Hyprland' },
      instance,
      binds: bridge.binds,
      holdKeyboard: (isHeld) => {
        bridge.isKeyboardHeld = isHeld;
      },
    };
  } catch (error) {
    await lab.close();
    throw error;
  }
}

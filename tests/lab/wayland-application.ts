import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { z } from 'zod';

import type { Closable } from './belongings.ts';
import { eventually } from './eventually.ts';
import { zenityAs } from './executable.ts';
import { newLinesOf } from './growing-file.ts';
import { startProcess, type OwnedProcess } from './owned-process.ts';
import { askSway, COMMAND, TREE } from './sway-questions.ts';
import type { SwayLab } from './sway.ts';
import type { Rect } from './windows.ts';

interface TreeNode {
  readonly id: number;
  readonly pid?: number | undefined;
  readonly focused: boolean;
  readonly rect: Rect;
  readonly window_rect: Rect;
  readonly nodes: readonly TreeNode[];
  readonly floating_nodes: readonly TreeNode[];
}

const Place = z.object({ x: z.number(), y: z.number(), width: z.number(), height: z.number() });

const Tree: z.ZodType<TreeNode> = z.object({
  id: z.number(),
  rect: Place,
  window_rect: Place,
  pid: z.number().optional(),
  focused: z.boolean(),
  get nodes() {
    return z.array(Tree);
  },
  get floating_nodes() {
    return z.array(Tree);
  },
});

/** Button presses, key presses, turns of the wheel, and how often the pointer came in or moved. */
export interface WaylandInput {
  readonly clicks: number;
  readonly keys: number;
  readonly turns: number;
  readonly moves: number;
}

/** A program with a window under sway; what it gets is in its own log of the Wayland protocol. */
export interface WaylandApplication extends Closable {
  readonly pid: number;
  readonly process: OwnedProcess;
  /** Sway's number for its window. */
  readonly window: number;
  /** Its inside, in pixels of the screen. */
  place(): Promise<Rect>;
  /** What it got so far. */
  received(): Promise<WaylandInput>;
  isFocused(): Promise<boolean>;
  /** As when a person goes to it. */
  focus(): Promise<void>;
}

const all = (node: TreeNode): readonly TreeNode[] => [
  node,
  ...[...node.nodes, ...node.floating_nodes].flatMap(all),
];

const KINDS = ['clicks', 'keys', 'turns', 'moves'] as const;

const LINES: Readonly<Record<keyof WaylandInput, RegExp>> = {
  clicks: /wl_pointer@\d+\.button\(\d+, \d+, \d+, 1\)/,
  keys: /wl_keyboard@\d+\.key\(\d+, \d+, \d+, 1\)/,
  turns: /wl_pointer@\d+\.axis\(/,
  moves: /wl_pointer@\d+\.(motion|enter)\(/,
};

/** Counts the input in a log that grows. */
function inputIn(log: string): () => Promise<WaylandInput> {
  const newLines = newLinesOf(log);
  const counts = { clicks: 0, keys: 0, turns: 0, moves: 0 };
  return async () => {
    const lines = await newLines();
    for (const what of KINDS) counts[what] += lines.filter((line) => LINES[what].test(line)).length;
    return { ...counts };
  };
}

/** Starts a program and waits until sway shows its first window. */
export async function openOnSway(
  lab: SwayLab,
  { command, args = [] }: { readonly command: string; readonly args?: readonly string[] },
): Promise<WaylandApplication> {
  const log = join(lab.folder, `wayland-${performance.now()}.log`);
  const child = lab.own(
    startProcess({
      command: 'sh',
      args: ['-c', 'log=$1; shift; exec "$@" 2>"$log"', 'sh', log, command, ...args],
      env: { ...lab.env, WAYLAND_DEBUG: 'client' },
      cwd: lab.folder,
    }),
  );
  const nodes = async () => all(Tree.parse(await askSway(lab.socket, TREE)));
  const window = await eventually(`a window of ${command}`, async () => {
    if (!child.isRunning())
      throw new Error(`${command} ended: ${existsSync(log) ? await readFile(log, 'utf8') : ''}`);
    return (await nodes()).find(({ pid }) => pid === child.pid)?.id;
  });
  const isFocused = async () => (await nodes()).some(({ id, focused }) => id === window && focused);
  return {
    pid: child.pid,
    process: child,
    window,
    isFocused,
    place: async () => {
      const node = (await nodes()).find(({ id }) => id === window);
      if (node === undefined) throw new Error(`${command} has no window any more`);
      const { rect, window_rect: inner } = node;
      return { ...inner, x: rect.x + inner.x, y: rect.y + inner.y };
    },
    received: inputIn(log),
    focus: async () => {
      await askSway(lab.socket, COMMAND, `[con_id=${window}] focus`);
      await eventually(`${command} to have the focus`, isFocused);
    },
    close: () => child.close(),
  };
}

/** A window that text can be typed into, of an application of that name. */
export async function openTextOnSway(
  lab: SwayLab,
  name: string,
  title = name,
): Promise<{ readonly executable: string; readonly app: WaylandApplication }> {
  const executable = await zenityAs(lab, name);
  const args = ['--text-info', '--editable', `--title=${title}`];
  return { executable, app: await openOnSway(lab, { command: executable, args }) };
}

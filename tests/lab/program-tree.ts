import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import type { Desktop } from './desktop.ts';
import { eventually } from './eventually.ts';
import {
  openFixtureWindow,
  type FixtureOptions,
  type FixtureWindow,
  type Opening,
} from './fixture-window.ts';
import type { ProgramLook } from './fixture-tree/protocol.ts';
import { inRepository } from './workspace.ts';

export type { ProgramLook, TreeNode } from './fixture-tree/protocol.ts';

export interface ProgramTree {
  readonly window: FixtureWindow;
  /** Its name on the accessibility bus. */
  readonly connection: string;
  /** Says something else from now on. */
  readonly change: (look: ProgramLook) => void;
}

/** A window of our own whose process says on the accessibility bus whatever it is told to. */
export async function openProgramTree(
  desktop: Desktop,
  {
    look,
    opening,
    env = {},
  }: { look: ProgramLook; opening: Opening; env?: Readonly<Record<string, string>> },
  options: FixtureOptions = {},
): Promise<ProgramTree> {
  const file = join(desktop.folder, `tree-${performance.now()}.json`);
  const ready = `${file}.ready`;
  const write = (what: ProgramLook) => {
    writeFileSync(`${file}.new`, JSON.stringify(what));
    // whole at once: the program may read it at any moment
    renameSync(`${file}.new`, file);
  };
  write(look);
  const preload = inRepository('tests', 'dist', 'lab', 'fixture-tree', 'main.js');
  const told = { LAB_TREE: file, LAB_TREE_READY: ready, NODE_OPTIONS: `--import=${preload}` };
  const window = await openFixtureWindow(
    { ...desktop, env: { ...desktop.env, ...env, ...told } },
    opening,
    options,
  );
  const connection = await eventually('the program to join the accessibility bus', () => readIfThere(ready));
  return { window, connection, change: write };
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8') || undefined;
  } catch {
    return undefined; // not yet
  }
}

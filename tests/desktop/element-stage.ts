import { Belongings, type Closable } from '../lab/belongings.ts';
import { startDesktop, type Desktop } from '../lab/desktop.ts';
import { openProgramTree, type TreeNode } from '../lab/program-tree.ts';
import { startSentinel, type Sentinel } from '../lab/sentinel.ts';
import { connectServer, type ToolClient } from '../lab/tool-client.ts';
import { PLACE } from './element-lines.ts';
import { makeExecutables } from './executables.ts';
import { rowFor, writeGrants, type RowOptions } from './grant-rows.ts';

const NAMES = ['myeditor', 'stranger'] as const;

interface Parts {
  readonly desktop: Desktop;
  readonly sentinel: Sentinel;
  readonly executables: Readonly<Record<(typeof NAMES)[number], string>>;
  readonly server: ToolClient;
}

/** A desktop whose programs tell of their elements, and a server on it. */
export class ElementStage {
  readonly desktop: Desktop;
  readonly sentinel: Sentinel;
  readonly executables: Parts['executables'];
  server: ToolClient;
  readonly #opened = new Belongings();

  private constructor({ desktop, sentinel, executables, server }: Parts) {
    this.desktop = desktop;
    this.sentinel = sentinel;
    this.executables = executables;
    this.server = server;
  }

  static async open(): Promise<ElementStage> {
    const desktop = await startDesktop({ wm: 'openbox', accessibility: true });
    return new ElementStage({
      desktop,
      sentinel: await startSentinel(desktop),
      executables: await makeExecutables(desktop, NAMES),
      server: await connectServer(desktop),
    });
  }

  /** Has it closed after the test. */
  own<T extends Closable>(thing: T): T {
    return this.#opened.own(thing);
  }

  clear(): Promise<void> {
    return this.#opened.close();
  }

  close(): Promise<void> {
    return this.desktop.close();
  }

  allow(paths: readonly string[], options: RowOptions = {}): void {
    writeGrants(
      this.desktop,
      paths.map((path) => rowFor(path, options)),
    );
  }

  async openTree(
    tops: TreeNode[],
    { executable = this.executables.myeditor, title = 'fixture', name = 'myeditor', place = PLACE } = {},
  ) {
    const look = { name, tops };
    const tree = await openProgramTree(this.desktop, { look, opening: { place, title } }, { executable });
    this.own(tree.window);
    return tree;
  }

  /** Whether any input was made since the sentinel last forgot. */
  async madeInput(): Promise<boolean> {
    return (await this.sentinel.events()).length > 0;
  }
}

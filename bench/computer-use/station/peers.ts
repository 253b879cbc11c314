import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import type { Command } from './protocol.ts';
import { serveStation } from './serve.ts';

interface Nut {
  readonly mouse: {
    readonly config: { autoDelayMs: number };
    setPosition(at: object): Promise<unknown>;
    leftClick(): Promise<unknown>;
  };
  readonly keyboard: { readonly config: { autoDelayMs: number }; type(text: string): Promise<unknown> };
  readonly Point: new (x: number, y: number) => object;
}

interface Windows {
  activeWindow(): Promise<{ readonly owner: { readonly path?: string } } | undefined>;
}

const has = (module: unknown, name: string): boolean =>
  typeof module === 'object' && module !== null && name in module;

const [, , folder = '', expectedApp = ''] = process.argv;
const nut = z
  .custom<Nut>((module) => has(module, 'mouse'))
  .parse(createRequire(join(folder, 'package.json'))('@nut-tree-fork/nut-js'));
const windows = z
  .custom<Windows>((module) => has(module, 'activeWindow'))
  .parse(await import(pathToFileURL(join(folder, 'node_modules/get-windows/index.js')).href));

const { mouse, keyboard, Point } = nut;
const defaults = { mouse: mouse.config.autoDelayMs, keyboard: keyboard.config.autoDelayMs };

/** The gate that can be built of the two: which program is in front, by the path that get-windows gives. */
async function requireApp(): Promise<void> {
  const window = await windows.activeWindow();
  if (window?.owner.path?.endsWith(`/${expectedApp}`) !== true) {
    throw new Error(`get-windows does not see ${expectedApp} in front`);
  }
}

async function perform(command: Command): Promise<void> {
  switch (command.do) {
    case 'active':
      return requireApp();
    case 'click':
      mouse.config.autoDelayMs = command.delays === 'none' ? 0 : defaults.mouse;
      await requireApp();
      await mouse.setPosition(new Point(command.at.x, command.at.y));
      await mouse.leftClick();
      return;
    case 'type':
      keyboard.config.autoDelayMs = command.delays === 'none' ? 0 : defaults.keyboard;
      await keyboard.type(command.text);
      return;
    case 'tree':
      throw new Error('these libraries have no tree');
  }
}

await serveStation(perform);

import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import type { Command } from './protocol.ts';
import { serveStation } from './serve.ts';

interface Driver {
  listWindows(input: object): Promise<{ readonly windows: readonly Window[] }>;
  getWindowState(input: object): Promise<{ readonly treeMarkdown?: string }>;
  shutdown(): Promise<unknown>;
}

interface Window {
  readonly windowId: bigint;
  readonly pid: number;
  readonly appName: string;
}

interface Cua {
  readonly CuaDriver: { create(options: undefined): Driver };
}

const [, , folder = '', wantedApp = ''] = process.argv;
process.env['CUA_TELEMETRY_ENABLED'] = 'false'; // read by its library when that is loaded
const { CuaDriver } = z
  .custom<Cua>((module) => typeof module === 'object' && module !== null && 'CuaDriver' in module)
  .parse(await import(pathToFileURL(join(folder, 'node_modules/@trycua/cua-driver/dist/index.js')).href));

const driver = CuaDriver.create(undefined);
const { windows } = await driver.listWindows({});
const window = windows.find(({ appName }) => appName === wantedApp);
if (window === undefined) throw new Error(`it does not list ${wantedApp}`);
const { pid, windowId } = window;

async function perform(command: Command): Promise<void> {
  if (command.do !== 'tree') throw new Error(`${command.do} is measured with other libraries`);
  const input = { pid, windowId, includeAccessibilityTree: true, includeScreenshot: false };
  const { treeMarkdown = '' } = await driver.getWindowState(input);
  if (!treeMarkdown.includes('File')) throw new Error('the tree lacks the menu');
}

await serveStation(perform);
await driver.shutdown();

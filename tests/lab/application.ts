import type { Closable } from './belongings.ts';
import type { Desktop } from './desktop.ts';
import { eventually } from './eventually.ts';
import { startProcess, type OwnedProcess } from './owned-process.ts';
import {
  activate,
  geometryOf,
  isActive,
  isMapped,
  place,
  titleOf,
  untilManaged,
  windowsOf,
  type Rect,
} from './windows.ts';

/** A real application with its first window on the screen. */
export interface Application extends Closable {
  readonly pid: number;
  readonly window: number;
  readonly process: OwnedProcess;
  /** The window's inside, in screen pixels. */
  geometry(): Promise<Rect>;
  title(): Promise<string>;
  waitUntilMapped(): Promise<void>;
  waitUntilActive(): Promise<void>;
  /** Brings it to the front and gives it the keyboard. */
  activate(): Promise<void>;
  place(rect: Rect): Promise<void>;
}

export interface ApplicationLaunch {
  readonly command: string;
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Milliseconds until its first window; 30,000 unless told. */
  readonly withinMs?: number;
}

/** Starts an application and waits until its first window can be seen. */
export async function openApplication(desktop: Desktop, launch: ApplicationLaunch): Promise<Application> {
  const { x } = desktop;
  const process = desktop.own(
    startProcess({
      command: launch.command,
      args: launch.args ?? [],
      env: { ...desktop.env, ...launch.env },
      cwd: desktop.env['HOME'] ?? desktop.folder,
    }),
  );
  const window = await eventually(
    `a window of ${launch.command}`,
    async () => {
      if (!process.isRunning()) throw new Error(`${launch.command} ended: ${process.stderr()}`);
      return (await windowsOf(x, process.pid))[0];
    },
    launch.withinMs,
  );
  await untilManaged(x);
  return {
    pid: process.pid,
    window,
    process,
    geometry: () => geometryOf(x, window),
    title: () => titleOf(x, window),
    waitUntilMapped: async () => {
      await eventually(`${launch.command} to be mapped`, () => isMapped(x, window));
    },
    waitUntilActive: async () => {
      await eventually(`${launch.command} to be active`, () => isActive(x, window));
    },
    activate: () => activate(x, window),
    place: (rect) => place(x, window, rect),
    close: () => process.close(),
  };
}

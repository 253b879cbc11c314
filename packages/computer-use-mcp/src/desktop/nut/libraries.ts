import { z } from 'zod';
import type { Point } from '../../core/geometry.ts';
import { DesktopUnavailable } from '../failure.ts';

/** What is used of `@nut-tree-fork/nut-js`. Keys and buttons are its own numbers. */
export interface NutJs {
  readonly mouse: {
    readonly config: { autoDelayMs: number };
    setPosition(at: Point): Promise<unknown>;
    getPosition(): Promise<Point>;
    pressButton(button: number): Promise<unknown>;
    releaseButton(button: number): Promise<unknown>;
    doubleClick(button: number): Promise<unknown>;
    scrollUp(amount: number): Promise<unknown>;
    scrollDown(amount: number): Promise<unknown>;
    scrollLeft(amount: number): Promise<unknown>;
    scrollRight(amount: number): Promise<unknown>;
  };
  readonly keyboard: {
    readonly config: { autoDelayMs: number };
    type(text: string): Promise<unknown>;
    pressKey(...keys: readonly number[]): Promise<unknown>;
    releaseKey(...keys: readonly number[]): Promise<unknown>;
  };
  readonly screen: { width(): Promise<number>; height(): Promise<number> };
  readonly providerRegistry: {
    getKeyboard(): { setKeyboardDelay(ms: number): void };
    getMouse(): { setMouseDelay(ms: number): void };
    getWindow(): { focusWindow(id: number): Promise<boolean> };
  };
  readonly Key: Readonly<Record<string, number | string>>;
  readonly Button: { readonly LEFT: number; readonly MIDDLE: number; readonly RIGHT: number };
}

/** What is used of `get-windows`. */
export interface GetWindows {
  activeWindow(): Promise<unknown>;
  openWindows(): Promise<unknown>;
}

/** What is used of `node-screenshots`. */
export interface NodeScreenshots {
  readonly Monitor: { all(): readonly ScreenshotMonitor[] };
}

export interface ScreenshotMonitor {
  isPrimary(): boolean;
  captureImage(): Promise<{
    readonly width: number;
    readonly height: number;
    /** Red, green, blue and opacity of each pixel. */
    toRaw(): Promise<Uint8Array>;
  }>;
}

export interface Libraries {
  readonly nut: NutJs;
  readonly windows: GetWindows;
  readonly screenshots: NodeScreenshots;
}

/** They are optional dependencies, because none of them can be installed everywhere. */
export async function loadLibraries(): Promise<Libraries> {
  try {
    const [nut, windows, screenshots] = await Promise.all([
      import('@nut-tree-fork/nut-js'),
      import('get-windows'),
      import('node-screenshots'),
    ]);
    return { nut, windows, screenshots };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new DesktopUnavailable(`a library for this desktop cannot be loaded: ${why}`, {
      hint: 'Install them beside the server: npm install @nut-tree-fork/nut-js get-windows node-screenshots',
      cause: error,
    });
  }
}

const windowSchema = z.object({
  id: z.number(),
  title: z.string().nullish(),
  bounds: z.object({ x: z.number(), y: z.number(), width: z.number(), height: z.number() }),
  owner: z.object({ processId: z.number(), path: z.string().optional(), bundleId: z.string().optional() }),
});

/** A window as `get-windows` describes it. */
export type ListedWindow = z.infer<typeof windowSchema>;

/** `undefined` is its answer when there is none, and when it failed. */
export const readActive = (answer: unknown): ListedWindow | null =>
  windowSchema.nullish().parse(answer) ?? null;

export const readList = (answer: unknown): readonly ListedWindow[] =>
  z.array(windowSchema).nullish().parse(answer) ?? [];

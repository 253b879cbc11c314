import { execFile } from 'node:child_process';
import { maskOf, type Layer } from '../../core/redaction.ts';
import { intersection, type Rect, type Size } from '../../core/geometry.ts';
import { lessAll } from '../../core/visible.ts';
import type { Subject } from '@deskhand/tier-policy';
import type { CapturedWindow } from '../desktop.ts';
import { subjectOf, type OwnerSources } from './scene.ts';
import { focusedWindow, type Layout } from './compositor.ts';

const MAX_BYTES = 256 * 1024 * 1024;

/** Runs grim, and gives what it saw in the pixels of the layout: blue, green, red and an unused byte each. */
export async function takePicture(
  env: Readonly<Record<string, string | undefined>>,
  signal: AbortSignal,
): Promise<Size & { readonly pixels: Uint8Array }> {
  const file = await new Promise<Buffer>((resolve, reject) => {
    const options = { env: { ...env }, encoding: 'buffer', maxBuffer: MAX_BYTES, signal } as const;
    execFile('grim', ['-t', 'ppm', '-s', '1', '-'], options, (error, stdout, stderr) => {
      if (error === null) resolve(stdout);
      else reject(new Error(`grim failed: ${stderr.toString().trim() || error.message}`, { cause: error }));
    });
  });
  return fromPpm(file);
}

/** Reads a binary PPM (P6) of 8 bits a colour. */
export function fromPpm(file: Buffer): Size & { readonly pixels: Uint8Array } {
  const head = /^P6\s(\d+)\s(\d+)\s255\s/.exec(file.toString('latin1', 0, 64));
  if (head === null) throw new Error('the picture is not a PPM');
  const [all, width, height] = [head[0], Number(head[1]), Number(head[2])];
  const count = width * height;
  if (file.length < all.length + count * 3) throw new Error('the picture is cut off');
  const pixels = new Uint8Array(count * 4);
  for (let from = all.length, to = 0; to < pixels.length; from += 3, to += 4) {
    pixels[to] = file[from + 2] ?? 0;
    pixels[to + 1] = file[from + 1] ?? 0;
    pixels[to + 2] = file[from] ?? 0;
  }
  return { pixels, width, height };
}

export interface MaskOptions {
  readonly sources: OwnerSources;
  readonly mayShow: (subject: Subject) => boolean;
}

/**
 * What to blacken. Only the insides of windows that may be shown are; the background, panels and titles belong to
 * nobody that can be named. Menus are not told and can reach anywhere: while the window in front may not be shown,
 * nothing is.
 */
export function hiddenParts(layout: Layout, { sources, mayShow }: MaskOptions): readonly Rect[] {
  const { screen, windows, over } = layout;
  const whole = { ...screen, x: 0, y: 0 };
  const front = focusedWindow(layout);
  if (front === null || !mayShow(subjectOf(front, sources))) return [whole];
  const fromOrigin = (rect: Rect): Rect => ({ ...rect, x: rect.x - screen.x, y: rect.y - screen.y });
  const layers = windows.toReversed().flatMap((window): readonly Layer[] => {
    const hidden = { outline: window.whole.map(fromOrigin), shown: false, translucent: false };
    const isShown = window.visible && mayShow(subjectOf(window, sources));
    const inside = { outline: [fromOrigin(window.content)], shown: true, translucent: false };
    return isShown ? [hidden, inside] : [hidden];
  });
  const background = { outline: [whole], shown: false, translucent: false };
  const panels = { outline: over.map(fromOrigin), shown: false, translucent: false };
  return maskOf([background, ...layers, panels], whole);
}

/** The windows of which something shows in a picture with `masked` black. */
export function shownWindows(
  { screen, windows }: Layout,
  { sources, mayShow }: MaskOptions,
  masked: readonly Rect[],
): readonly CapturedWindow[] {
  const whole = { ...screen, x: 0, y: 0 };
  let covered = masked;
  return windows.flatMap((window): readonly CapturedWindow[] => {
    const subject = subjectOf(window, sources);
    if (!window.visible || subject.kind !== 'app' || !mayShow(subject)) return [];
    const { width, height } = window.content;
    const at = { x: window.content.x - screen.x, y: window.content.y - screen.y };
    const inside = intersection({ ...at, width, height }, whole);
    const visible = inside === null ? [] : lessAll([inside], covered);
    if (inside !== null) covered = [...covered, inside];
    const { pid } = subject.app;
    return visible.length === 0 ? [] : [{ window: window.id, pid, at, size: { width, height }, visible }];
  });
}

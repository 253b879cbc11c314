import { setImmediate as turn } from 'node:timers/promises';
import type { FilmFrame, Press } from './film.ts';

const COLOURS = 128;
/** Of the ring around a press, in pixels of the picture. */
const RADIUS = 14;
const WIDTH = 4;
const RED = [230, 30, 30, 255] as const;

interface Picture {
  readonly width: number;
  readonly height: number;
  /** RGBA. */
  readonly data: Buffer;
}

/** An animated GIF of all frames, each with a ring around where the pointer was pressed. */
export async function gifOf(film: readonly FilmFrame[], signal: AbortSignal): Promise<Buffer> {
  const [{ PNG }, module] = await Promise.all([import('pngjs'), import('gifenc')]);
  const { GIFEncoder = module.default.GIFEncoder } = module;
  const { quantize, applyPalette } = module.GIFEncoder === undefined ? module.default : module;
  const gif = GIFEncoder();
  let size: Picture | null = null;
  for (const { shot, shows, presses } of film) {
    signal.throwIfAborted();
    const picture: Picture = PNG.sync.read(shot.png);
    size ??= picture;
    for (const press of presses) mark(picture, press, picture.width / shot.cssWidth);
    const { data, width, height } = fitted(picture, size);
    const palette = quantize(data, COLOURS, { format: 'rgb444' });
    gif.writeFrame(applyPalette(data, palette, 'rgb444'), width, height, { palette, delay: shows });
    // others have their turn between frames
    await turn();
  }
  gif.finish();
  return Buffer.from(gif.bytes());
}

function mark({ width, height, data }: Picture, { x, y }: Press, scale: number): void {
  const [middleX, middleY] = [x * scale, y * scale];
  const reach = RADIUS + WIDTH;
  for (let row = Math.max(0, Math.floor(middleY - reach)); row < Math.min(height, middleY + reach); row++) {
    for (
      let column = Math.max(0, Math.floor(middleX - reach));
      column < Math.min(width, middleX + reach);
      column++
    ) {
      const distance = Math.hypot(column - middleX, row - middleY);
      if (Math.abs(distance - RADIUS) > WIDTH / 2) continue;
      data.set(RED, (row * width + column) * 4);
    }
  }
}

/** A picture of another size, after the window changed, is cut or has a border. */
function fitted(picture: Picture, { width, height }: Picture): Picture {
  if (picture.width === width && picture.height === height) return picture;
  const data = Buffer.alloc(width * height * 4, 255);
  const row = Math.min(width, picture.width) * 4;
  for (let at = 0; at < Math.min(height, picture.height); at++) {
    picture.data.copy(data, at * width * 4, at * picture.width * 4, at * picture.width * 4 + row);
  }
  return { width, height, data };
}

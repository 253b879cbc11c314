import { blacken } from '../../core/redaction.ts';
import type { Rect, Size } from '../../core/geometry.ts';
import { DesktopLacks } from '../failure.ts';
import type { NodeScreenshots } from './libraries.ts';

const CHANNELS = 4;

export interface Picture extends Size {
  /** Red, green, blue and opacity of each pixel. */
  readonly raw: Uint8Array;
}

/** Takes the pixels of the display on which coordinates start. */
export async function takePicture({ Monitor }: NodeScreenshots): Promise<Picture> {
  const monitors = Monitor.all();
  const monitor = monitors.find((candidate) => candidate.isPrimary()) ?? monitors[0];
  if (monitor === undefined) {
    throw new DesktopLacks('there is no display to take a picture of', 'Check that a display is on.');
  }
  const image = await monitor.captureImage();
  return { raw: await image.toRaw(), width: image.width, height: image.height };
}

/**
 * A picture in the units of the desktop, in which a display with small pixels has fewer; blue before red. What is
 * hidden is blackened before anything else, so that nothing of it is in the pixels around.
 *
 * @throws DesktopLacks when the picture cannot be the screen
 */
export async function redacted(picture: Picture, size: Size, mask: readonly Rect[]): Promise<Uint8Array> {
  const [across, down] = [picture.width / size.width, picture.height / size.height];
  if (Math.abs(across - down) > 0.01 || picture.raw.length !== picture.width * picture.height * CHANNELS) {
    throw new DesktopLacks(
      `the picture of ${picture.width} x ${picture.height} is not the screen of ${size.width} x ${size.height}`,
      'Several displays cannot be used this way; use one.',
    );
  }
  const pixels = Uint8Array.from(picture.raw);
  blacken(
    pixels,
    picture.width,
    mask.map((rect) => scaled(rect, { across, down })),
  );
  const isSame = picture.width === size.width && picture.height === size.height;
  if (isSame) return blueFirst(pixels);
  const fitted = await shrunk(pixels, picture, size);
  blacken(fitted, size.width, mask);
  return blueFirst(fitted);
}

function scaled({ x, y, width, height }: Rect, { across, down }: { across: number; down: number }): Rect {
  const [left, top] = [Math.floor(x * across), Math.floor(y * down)];
  return {
    x: left,
    y: top,
    width: Math.ceil((x + width) * across) - left,
    height: Math.ceil((y + height) * down) - top,
  };
}

async function shrunk(pixels: Uint8Array, { width, height }: Size, size: Size): Promise<Uint8Array> {
  const { default: sharp } = await import('sharp');
  return sharp(pixels, { raw: { width, height, channels: CHANNELS } })
    .resize(size.width, size.height, { fit: 'fill' })
    .raw()
    .toBuffer();
}

function blueFirst(pixels: Uint8Array): Uint8Array {
  for (let at = 0; at < pixels.length; at += CHANNELS) {
    const red = pixels[at] ?? 0;
    pixels[at] = pixels[at + 2] ?? 0;
    pixels[at + 2] = red;
    pixels[at + 3] = 0;
  }
  return pixels;
}

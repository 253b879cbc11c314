import type { Size } from './core/geometry.ts';
import type { Capture } from './desktop/desktop.ts';

export interface Picture {
  readonly data: Uint8Array;
  readonly mimeType: 'image/jpeg' | 'image/png';
}

/** Pixels looked at to tell drawn surfaces from photographs. */
const SAMPLES = 4096;
/** With at most this many colours among the samples, PNG is smaller than JPEG and keeps text sharp. */
const FLAT_COLOURS = 96;
const JPEG_QUALITY = 75;
const PNG_LEVEL = 6;

/** Loads the encoder; the server starts in half the time without it. */
const loadEncoder = async () => (await import('sharp')).default;

/** Loads the encoder ahead of the first picture. */
export async function prepareEncoder(): Promise<void> {
  await loadEncoder();
}

/** The capture as a file of the given size: PNG for flat surfaces, JPEG for everything else. */
export async function encode({ pixels, width, height }: Capture, size: Size): Promise<Picture> {
  const sharp = await loadEncoder();
  const image = sharp(rgbOf(pixels), { raw: { width, height, channels: 3 } });
  const isScaled = size.width !== width || size.height !== height;
  const scaled = isScaled ? image.resize(size.width, size.height, { fit: 'fill' }) : image;
  return isFlat(pixels)
    ? { data: await scaled.png({ compressionLevel: PNG_LEVEL }).toBuffer(), mimeType: 'image/png' }
    : { data: await scaled.jpeg({ quality: JPEG_QUALITY }).toBuffer(), mimeType: 'image/jpeg' };
}

function rgbOf(bgrx: Uint8Array): Uint8Array {
  const rgb = new Uint8Array((bgrx.length / 4) * 3);
  for (let from = 0, to = 0; from < bgrx.length; from += 4, to += 3) {
    rgb[to] = bgrx[from + 2] ?? 0;
    rgb[to + 1] = bgrx[from + 1] ?? 0;
    rgb[to + 2] = bgrx[from] ?? 0;
  }
  return rgb;
}

function isFlat(bgrx: Uint8Array): boolean {
  const pixels = bgrx.length / 4;
  const step = Math.max(1, Math.floor(pixels / SAMPLES));
  const colours = new Set<number>();
  for (let pixel = 0; pixel < pixels; pixel += step) {
    const at = pixel * 4;
    colours.add(((bgrx[at] ?? 0) << 16) | ((bgrx[at + 1] ?? 0) << 8) | (bgrx[at + 2] ?? 0));
    if (colours.size > FLAT_COLOURS) return false;
  }
  return true;
}

import type { Rect, Size } from './core/geometry.ts';
import type { Capture } from './desktop/desktop.ts';

export interface Picture {
  readonly data: Uint8Array;
  readonly mimeType: 'image/jpeg' | 'image/png';
}

/** Pixels looked at to tell drawn surfaces from photographs. */
const SAMPLES = 4096;
/** With at most this many colours among the samples, PNG is smaller than JPEG and keeps text sharp. */
const FLAT_COLOURS = 96;
/** For a picture of the whole screen, and for a detail, whose small coloured text must stay sharp. */
const JPEG = {
  whole: { quality: 75 },
  detail: { quality: 88, chromaSubsampling: '4:4:4' },
} as const;
const PNG_LEVEL = 6;

/** Loads the encoder; the server starts in half the time without it. */
const loadEncoder = async () => (await import('sharp')).default;

/** Loads the encoder ahead of the first picture. */
export async function prepareEncoder(): Promise<void> {
  await loadEncoder();
}

/** The capture as a file of the given size: PNG for flat surfaces, JPEG for everything else. */
export async function encode(
  { pixels, width, height }: Capture,
  size: Size,
  kind: keyof typeof JPEG = 'whole',
): Promise<Picture> {
  const sharp = await loadEncoder();
  const image = sharp(rgbOf(pixels), { raw: { width, height, channels: 3 } });
  const isScaled = size.width !== width || size.height !== height;
  const scaled = isScaled ? image.resize(size.width, size.height, { fit: 'fill' }) : image;
  return isFlat(pixels)
    ? { data: await scaled.png({ compressionLevel: PNG_LEVEL }).toBuffer(), mimeType: 'image/png' }
    : { data: await scaled.jpeg(JPEG[kind]).toBuffer(), mimeType: 'image/jpeg' };
}

/** Text recognition wants letters that are 30 pixels high; small ones are of 10. */
const READING_SCALE = 3;
const READING_PIXELS = 12_000_000;

/** Enlarges a picture for text recognition, as a grey PNG. */
export async function encodeForReading({
  pixels,
  width,
  height,
}: Pick<Capture, 'pixels' | 'width' | 'height'>): Promise<Uint8Array> {
  const sharp = await loadEncoder();
  const scale = Math.min(READING_SCALE, Math.max(1, Math.sqrt(READING_PIXELS / (width * height))));
  const [wide, high] = [Math.round(width * scale), Math.round(height * scale)];
  return sharp(rgbOf(pixels), { raw: { width, height, channels: 3 } })
    .greyscale()
    .resize(wide, high, { fit: 'fill', kernel: 'cubic' })
    .png({ compressionLevel: 1 })
    .toBuffer();
}

/** The part of a capture inside `rect`, which must be inside the capture. */
export function crop({ pixels, width, ...rest }: Capture, rect: Rect): Capture {
  const part = new Uint8Array(rect.width * rect.height * 4);
  for (let row = 0; row < rect.height; row++) {
    const from = ((rect.y + row) * width + rect.x) * 4;
    part.set(pixels.subarray(from, from + rect.width * 4), row * rect.width * 4);
  }
  return { ...rest, pixels: part, width: rect.width, height: rect.height };
}

/** Four pixels at a time, as words of a little-endian machine: half the time of byte by byte. */
function rgbOf(bgrx: Uint8Array): Uint8Array {
  const pixels = bgrx.length / 4;
  const whole = pixels - (pixels % 4);
  const source = wordsOf(bgrx);
  const rgb = new Uint8Array(pixels * 3);
  const target = new Uint32Array(rgb.buffer, 0, (whole / 4) * 3);
  for (let from = 0, to = 0; from < whole; from += 4, to += 3) {
    const a = source[from] ?? 0;
    const b = source[from + 1] ?? 0;
    const c = source[from + 2] ?? 0;
    const d = source[from + 3] ?? 0;
    target[to] = ((a >>> 16) & 0xff) | (a & 0xff00) | ((a & 0xff) << 16) | ((b << 8) & 0xff000000);
    target[to + 1] = ((b >>> 8) & 0xff) | ((b & 0xff) << 8) | (c & 0xff0000) | ((c << 16) & 0xff000000);
    target[to + 2] = (c & 0xff) | ((d >>> 8) & 0xff00) | ((d << 8) & 0xff0000) | ((d & 0xff) << 24);
  }
  for (let pixel = whole; pixel < pixels; pixel++) {
    const word = source[pixel] ?? 0;
    rgb.set([(word >>> 16) & 0xff, (word >>> 8) & 0xff, word & 0xff], pixel * 3);
  }
  return rgb;
}

function wordsOf(bytes: Uint8Array): Uint32Array {
  const aligned = bytes.byteOffset % 4 === 0 ? bytes : bytes.slice();
  return new Uint32Array(aligned.buffer, aligned.byteOffset, bytes.length / 4);
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

import type { Rect } from '../lab/windows.ts';

/** Pixels that can be asked for one by one, as 0xRRGGBB. */
interface Pixels {
  at(x: number, y: number): number;
}

const SIDE = 8;
/** Noise has this many colours in a block at least; drawn surfaces have fewer. */
const NOISY = 60;
/** Even a compressed picture of noise follows it this closely; anything else hardly at all. */
const ALIKE = 0.6;

function blockOf(pixels: Pixels, left: number, top: number): readonly number[] {
  return Array.from({ length: SIDE * SIDE }, (_, index) =>
    pixels.at(left + (index % SIDE), top + Math.floor(index / SIDE)),
  );
}

const brightness = (colour: number): number =>
  0.299 * (colour >> 16) + 0.587 * ((colour >> 8) & 0xff) + 0.114 * (colour & 0xff);

/** From -1 to 1; 0 when one of them is of one brightness. */
function correlation(a: readonly number[], b: readonly number[]): number {
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [meanA, meanB] = [mean(a), mean(b)];
  let [both, onlyA, onlyB] = [0, 0, 0];
  for (const [index, value] of a.entries()) {
    const [fromA, fromB] = [value - meanA, (b[index] ?? meanB) - meanB];
    both += fromA * fromB;
    onlyA += fromA * fromA;
    onlyB += fromB * fromB;
  }
  return onlyA === 0 || onlyB === 0 ? 0 : both / Math.sqrt(onlyA * onlyB);
}

/** How many 8x8 blocks of a place on the screen are noise, and how many of those a picture shows too. */
export function countNoise(
  screen: Pixels,
  picture: Pixels,
  { x, y, width, height }: Rect,
): { readonly noisy: number; readonly shown: number } {
  let [noisy, shown] = [0, 0];
  for (let top = y; top + SIDE <= y + height; top += SIDE) {
    for (let left = x; left + SIDE <= x + width; left += SIDE) {
      const real = blockOf(screen, left, top);
      if (new Set(real).size < NOISY) continue;
      noisy += 1;
      const seen = blockOf(picture, left, top);
      if (correlation(real.map(brightness), seen.map(brightness)) > ALIKE) shown += 1;
    }
  }
  return { noisy, shown };
}

interface WholePicture extends Pixels {
  readonly width: number;
  readonly height: number;
}

/** The upper four bits of each colour: what compression leaves as it was, more or less. */
const COARSE = 0xf0f0f0;
/** Coarse colours in a block of noise; text, edges and the traces of compression have fewer. */
const COARSELY_NOISY = 48;

/** How many 8x8 blocks of a picture are noise, wherever and whatever of. */
export function noiseIn(picture: WholePicture): number {
  let noisy = 0;
  for (let top = 0; top + SIDE <= picture.height; top += SIDE) {
    for (let left = 0; left + SIDE <= picture.width; left += SIDE) {
      if (isNoise(picture, left, top)) noisy += 1;
    }
  }
  return noisy;
}

function isNoise(picture: Pixels, left: number, top: number): boolean {
  const row = Array.from({ length: SIDE }, (_, x) => picture.at(left + x, top));
  // most blocks are of few colours, and that is seen in their first row
  if (new Set(row).size < SIDE - 1) return false;
  return new Set(blockOf(picture, left, top).map((colour) => colour & COARSE)).size >= COARSELY_NOISY;
}

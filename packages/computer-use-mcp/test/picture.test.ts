import sharp from 'sharp';
import { expect, test } from 'vitest';

import { encode } from '../src/picture.ts';

const COLOURS = [
  [10, 20, 30],
  [200, 0, 255],
  [0, 255, 1],
] as const;

const colourAt = (pixel: number): readonly [number, number, number] => COLOURS[pixel % 3] ?? COLOURS[0];

function pixelsOf(count: number): Uint8Array {
  const pixels = new Uint8Array(count * 4);
  for (let pixel = 0; pixel < count; pixel++) {
    const [red, green, blue] = colourAt(pixel);
    pixels.set([blue, green, red, 99], pixel * 4);
  }
  return pixels;
}

/** As a view that does not begin at a word. */
function shifted(pixels: Uint8Array): Uint8Array {
  const view = new Uint8Array(pixels.length + 1).subarray(1);
  view.set(pixels);
  return view;
}

test.each([
  ['of a whole number of four pixels', 8, 2],
  ['of one more', 17, 1],
  ['of one', 1, 1],
])('a flat picture %s keeps every colour', async (_size, width, height) => {
  const pixels = pixelsOf(width * height);
  const about = { width, height, masked: [], windows: [], isComposited: false };
  for (const bytes of [pixels, shifted(pixels)]) {
    const { data, mimeType } = await encode({ pixels: bytes, ...about }, { width, height });
    expect(mimeType).toBe('image/png');
    const rgb = await sharp(data).removeAlpha().raw().toBuffer();
    expect([...rgb]).toEqual(Array.from({ length: width * height }, (_, pixel) => colourAt(pixel)).flat());
  }
});

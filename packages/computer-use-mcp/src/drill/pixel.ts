import type { Point } from '../core/geometry.ts';

/** How far a channel may be off after the picture was compressed and scaled. */
const TOLERANCE = 24;

/** The colour of one pixel of an encoded picture, as 0xRRGGBB. */
export async function colourAt({ data }: { readonly data: string }, { x, y }: Point): Promise<number> {
  const { default: sharp } = await import('sharp');
  const pixels = await sharp(Buffer.from(data, 'base64'))
    .extract({ left: Math.round(x), top: Math.round(y), width: 1, height: 1 })
    .removeAlpha()
    .toColourspace('srgb')
    .raw()
    .toBuffer();
  return pixels.readUIntBE(0, 3);
}

export const isLike = (one: number, other: number): boolean =>
  [16, 8, 0].every((shift) => Math.abs(((one >> shift) & 0xff) - ((other >> shift) & 0xff)) <= TOLERANCE);

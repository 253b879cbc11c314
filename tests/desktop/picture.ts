import sharp from 'sharp';

import type { ToolAnswer } from '../lab/tool-client.ts';

/** A picture that the server gave. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly mimeType: string;
  /** The colour as 0xRRGGBB. */
  at(x: number, y: number): number;
}

export async function decodePicture({ images, text }: ToolAnswer): Promise<Picture> {
  const [image] = images;
  if (image === undefined) throw new Error(`no picture: ${text}`);
  const { data, info } = await sharp(image.data).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  const { width, height, channels } = info;
  return {
    width,
    height,
    mimeType: image.mimeType,
    at: (x, y) => {
      if (x < 0 || y < 0 || x >= width || y >= height) throw new Error(`[${x}, ${y}] is not in the picture`);
      return data.readUIntBE((y * width + x) * channels, 3);
    },
  };
}

/** Pixels of a picture that are not black, in its left and in its right half. */
export async function lightIn(answer: ToolAnswer): Promise<readonly [number, number]> {
  const picture = await decodePicture(answer);
  const { width, height } = picture;
  const light: [number, number] = [0, 0];
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      if (picture.at(x, y) >> 16 > 40) light[x < width / 2 ? 0 : 1] += 1;
    }
  }
  return light;
}

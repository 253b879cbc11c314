import { buffer } from 'node:stream/consumers';
import sharp, { type Sharp } from 'sharp';
import { PICTURE, pictureType } from '../files/picture-type.ts';

/** Makes the picture on its input one that a model takes: a line of JSON about it, and its bytes. */
const MAX_PIXELS = 100_000_000;
const LAST_EDGE = 800;
const LOADERS = ['Png', 'Jpeg', 'Webp', 'Nsgif'].map((kind) => `VipsForeignLoad${kind}Buffer`);

sharp.block({ operation: ['VipsForeignLoad'] });
sharp.unblock({ operation: LOADERS });
sharp.concurrency(1);

const bytes = await buffer(process.stdin);
const picture = (): Sharp => sharp(bytes, { limitInputPixels: MAX_PIXELS, failOn: 'none' }).autoOrient();
const { width, height, orientation = 1, hasAlpha } = await picture().metadata();
const type = pictureType(bytes) ?? '';
const isFine = Math.max(width, height) <= PICTURE.edge && bytes.length <= PICTURE.bytes && orientation === 1;
const { data, info } = isFine
  ? { data: bytes, info: { format: type.slice('image/'.length), width, height } }
  : await smaller();

const head = { type: `image/${info.format}`, width: info.width, height: info.height };
process.stdout.write(`${JSON.stringify({ ...head, original: [width, height] })}\n`);
process.stdout.write(data);

async function smaller() {
  const fit = { fit: 'inside', withoutEnlargement: true } as const;
  const resized = picture().resize({ width: PICTURE.edge, height: PICTURE.edge, ...fit });
  if (hasAlpha || type === 'image/png') {
    const png = await resized.clone().png().toBuffer({ resolveWithObject: true });
    if (png.data.length <= PICTURE.bytes) return png;
  }
  const plain = resized.flatten({ background: '#fff' });
  for (const quality of [80, 50]) {
    const jpeg = await plain.clone().jpeg({ quality }).toBuffer({ resolveWithObject: true });
    if (jpeg.data.length <= PICTURE.bytes) return jpeg;
  }
  const least = plain.resize({ width: LAST_EDGE, height: LAST_EDGE, ...fit });
  return least.jpeg({ quality: 50 }).toBuffer({ resolveWithObject: true });
}

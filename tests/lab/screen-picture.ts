import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32, deflateSync } from 'node:zlib';

import type { Desktop } from './desktop.ts';
import { run } from './owned-process.ts';

/** What is on the screen. */
export interface ScreenPicture {
  readonly width: number;
  readonly height: number;
  /** The colour as 0xRRGGBB. */
  at(x: number, y: number): number;
  toPng(): Buffer;
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const frame = Buffer.alloc(8 + body.length);
  frame.writeUInt32BE(data.length, 0);
  body.copy(frame, 4);
  frame.writeUInt32BE(crc32(body), 4 + body.length);
  return frame;
}

function encodePng({ width, height, at }: Omit<ScreenPicture, 'toPng'>): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2], 8); // Eight bits a channel, red green blue.
  const rows = Buffer.alloc(height * (1 + width * 3));
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) rows.writeUIntBE(at(x, y), y * (1 + width * 3) + 1 + x * 3, 3);
  }
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  const data = deflateSync(rows, { level: 1 });
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('IDAT', data),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

/** Takes a picture of the whole screen with xwd, apart from any code of this project. */
export async function pictureOf(desktop: Desktop): Promise<ScreenPicture> {
  const file = join(desktop.env['TMPDIR'] ?? desktop.folder, `screen-${performance.now()}.xwd`);
  await run({
    command: 'xwd',
    args: ['-root', '-silent', '-out', file],
    env: desktop.env,
    cwd: desktop.folder,
  });
  const dump = await readFile(file);
  // XWDFile.h: numbers of 32 bits, big-endian, whatever the byte order of the pixels.
  const field = (index: number) => dump.readUInt32BE(index * 4);
  const [width, height, bytesPerLine, colors] = [field(4), field(5), field(12), field(19)];
  const start = field(0) + colors * 12;
  const bytesPerPixel = field(11) / 8;
  const at = (x: number, y: number) => dump.readUIntLE(start + y * bytesPerLine + x * bytesPerPixel, 3);
  return { width, height, at, toPng: () => encodePng({ width, height, at }) };
}

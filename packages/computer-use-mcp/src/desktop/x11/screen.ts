import type { Subject } from '@deskhand/tier-policy';
import { intersection, type Rect, type Size } from '../../core/geometry.ts';
import { blacken, maskOf } from '../../core/redaction.ts';
import { viewOf } from '../../core/visible.ts';
import type { Capture, CaptureOptions, CapturedWindow } from '../desktop.ts';
import type { ShmSegment } from 'x11';
import { isProtocolError, type XConnection } from './connection.ts';
import { LayerReader, type WindowLayer } from './layers.ts';
import type { OwnerSources } from './owners.ts';
import { SceneChanged, atomically } from './section.ts';

const ALL_PLANES = 0xffffffff;
const Z_PIXMAP = 2;

export interface Captured extends Capture {
  /** Something is black somewhere on the screen, also when that is not in the picture. */
  readonly hidesSome: boolean;
}

/** Takes pictures of the screen, through shared memory where the server can. */
export class Screen {
  readonly #x: XConnection;
  readonly #layers: LayerReader;
  #segment: ShmSegment | null = null;
  #canShare: boolean | null = null;

  constructor(x: XConnection, sources: OwnerSources) {
    this.#x = x;
    this.#layers = new LayerReader(x, sources);
  }

  async size(): Promise<Size> {
    const { width, height } = await this.#x.ask<Size>((reply) =>
      this.#x.client.GetGeometry(this.#x.root, reply),
    );
    return { width, height };
  }

  /** The picture and its mask come from the same instant. */
  async capture(mayShow: (subject: Subject) => boolean, options: CaptureOptions = {}): Promise<Captured> {
    const screen = { x: 0, y: 0, ...(await this.size()) };
    const area = intersection(options.area ?? screen, screen) ?? screen;
    const segment = await this.#sharedSegment(area);
    const { layers, isComposited, picture } = await atomically(this.#x, async () => {
      const { layers, isComposited } = await this.#layers.read(mayShow);
      // asked for here and awaited outside: the server copies before it lets others go on
      const picture: { pixels: Promise<Buffer> | null } = { pixels: null };
      return {
        value: { layers, isComposited, picture },
        send: () => {
          picture.pixels = this.#pixels(area, segment);
          picture.pixels.catch(() => undefined); // awaited below; a lost connection is reported there
        },
      };
    });
    if (picture.pixels === null) throw new Error('the picture was never asked for');
    const pixels = await arrived(picture.pixels);
    const mask = maskOf(layers, screen);
    const masked = mask.flatMap((rect) => {
      const inside = intersection(rect, area);
      return inside === null ? [] : [{ ...inside, x: inside.x - area.x, y: inside.y - area.y }];
    });
    blacken(pixels, area.width, masked);
    const { width, height } = area;
    const windows = windowsIn(layers, screen);
    return { pixels, width, height, masked, windows, isComposited, hidesSome: mask.length > 0 };
  }

  close(): void {
    this.#segment?.detach();
    this.#segment = null;
  }

  #pixels({ x, y, width, height }: Rect, segment: ShmSegment | null): Promise<Buffer> {
    const { client, root } = this.#x;
    if (segment === null) {
      return this.#x
        .ask<{ readonly data: Buffer }>((reply) =>
          client.GetImage(Z_PIXMAP, root, x, y, width, height, ALL_PLANES, reply),
        )
        .then(({ data }) => Buffer.from(data));
    }
    return this.#x
      .ask<{ readonly size: number }>((reply) =>
        segment.getImage(root, x, y, width, height, ALL_PLANES, undefined, 0, reply),
      )
      .then(({ size: bytes }) => segment.buffer.subarray(0, bytes));
  }

  async #sharedSegment({ width, height }: Size): Promise<ShmSegment | null> {
    const { shm } = this.#x.ext;
    this.#canShare ??= await this.#x.ask<boolean>((reply) => shm.usable(reply));
    if (!this.#canShare) return null;
    const bytes = width * height * 4;
    if (this.#segment?.size !== bytes) {
      this.#segment?.detach();
      this.#segment = await this.#x.ask<ShmSegment>((reply) => shm.createSegment(bytes, reply));
    }
    return this.#segment;
  }
}

/** The server refuses a part that is outside of a screen which has just become smaller. */
async function arrived(pixels: Promise<Buffer>): Promise<Buffer> {
  try {
    return await pixels;
  } catch (error) {
    if (!isProtocolError(error)) throw error;
    throw new SceneChanged('the screen changed its size', { cause: error });
  }
}

function windowsIn(layers: readonly WindowLayer[], screen: Rect): readonly CapturedWindow[] {
  const { panes } = viewOf(layers, screen);
  return layers.flatMap(({ window, contents }) => {
    const visible = panes.get(window)?.parts ?? [];
    return visible.length > 0 ? contents.map((content) => ({ ...content, visible })) : [];
  });
}

import type { Subject } from '@deskhand/tier-policy';
import type { Size } from '../../core/geometry.ts';
import { blacken, maskOf } from '../../core/redaction.ts';
import type { Capture } from '../desktop.ts';
import type { ShmSegment } from 'x11';
import type { XConnection } from './connection.ts';
import { LayerReader } from './layers.ts';
import type { OwnerSources } from './owners.ts';
import { atomically } from './section.ts';

const ALL_PLANES = 0xffffffff;
const Z_PIXMAP = 2;

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
  async capture(mayShow: (subject: Subject) => boolean): Promise<Capture> {
    const size = await this.size();
    const segment = await this.#sharedSegment(size);
    const { layers, isComposited, picture } = await atomically(this.#x, async () => {
      const { layers, isComposited } = await this.#layers.read(mayShow);
      // asked for here and awaited outside: the server copies before it lets others go on
      const picture: { pixels: Promise<Buffer> | null } = { pixels: null };
      return {
        value: { layers, isComposited, picture },
        send: () => {
          picture.pixels = this.#pixels(size, segment);
          picture.pixels.catch(() => undefined); // awaited below; a lost connection is reported there
        },
      };
    });
    if (picture.pixels === null) throw new Error('the picture was never asked for');
    const pixels = await picture.pixels;
    const masked = maskOf(layers, { x: 0, y: 0, ...size });
    blacken(pixels, size.width, masked);
    return { pixels, ...size, masked, isComposited };
  }

  close(): void {
    this.#segment?.detach();
    this.#segment = null;
  }

  #pixels(size: Size, segment: ShmSegment | null): Promise<Buffer> {
    const { client, root } = this.#x;
    if (segment === null) {
      return this.#x
        .ask<{ readonly data: Buffer }>((reply) =>
          client.GetImage(Z_PIXMAP, root, 0, 0, size.width, size.height, ALL_PLANES, reply),
        )
        .then(({ data }) => Buffer.from(data));
    }
    return this.#x
      .ask<{ readonly size: number }>((reply) =>
        segment.getImage(root, 0, 0, size.width, size.height, ALL_PLANES, undefined, 0, reply),
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

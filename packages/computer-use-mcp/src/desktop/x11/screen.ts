import type { Subject } from '@deskhand/tier-policy';
import type { Rect, Size } from '../../core/geometry.ts';
import { blacken, maskOf, type Layer } from '../../core/redaction.ts';
import type { Capture } from '../desktop.ts';
import type { ShmSegment } from 'x11';
import type { XConnection } from './connection.ts';
import type { OwnerSources } from './owners.ts';
import { SceneReader } from './scene.ts';
import { atomically } from './section.ts';

const VIEWABLE = 2;
const INPUT_ONLY = 2;
const ALL_PLANES = 0xffffffff;
const Z_PIXMAP = 2;

interface Look {
  readonly reader: SceneReader;
  readonly mayShow: (subject: Subject) => boolean;
  /** The windows that the window manager lists: the contents of frames. */
  readonly managed: ReadonlySet<number>;
  /** The connection that draws the frame around them; shown with its contents. */
  readonly decorator: number | null;
}

/** Takes pictures of the screen, through shared memory where the server can. */
export class Screen {
  readonly #x: XConnection;
  readonly #sources: OwnerSources;
  #segment: ShmSegment | null = null;
  #canShare: boolean | null = null;

  constructor(x: XConnection, sources: OwnerSources) {
    this.#x = x;
    this.#sources = sources;
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
      const { layers, isComposited } = await this.#layers(mayShow);
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

  /** Every visible window of the root, bottom to top, with whose content it shows. */
  async #layers(
    mayShow: (subject: Subject) => boolean,
  ): Promise<{ readonly layers: readonly Layer[]; readonly isComposited: boolean }> {
    const reader = new SceneReader(this.#x, this.#sources);
    const { client, root } = this.#x;
    const [tree, clients, compositor] = await Promise.all([
      this.#x.ask<{ readonly children: readonly number[] }>((reply) => client.QueryTree(root, reply)),
      this.#x.longs(root, '_NET_CLIENT_LIST'),
      this.#x.ask<number>((reply) => client.GetSelectionOwner(this.#x.atom('_NET_WM_CM_S0'), reply)),
    ]);
    const framed = await Promise.all(
      clients.map(async (window) => ({ window, frame: (await reader.pathOf(window))[0] ?? window })),
    );
    const managed = new Set(clients);
    const layers = await Promise.all(
      tree.children.map(async (window) => {
        const outline = await this.#outline(window);
        if (outline === null) return null;
        const contents = framed.flatMap((client) => (client.frame === window ? [client.window] : []));
        const decorator = contents.length === 0 ? null : reader.owners.clientOf(window);
        const shown = await this.#isShown(window, { reader, mayShow, managed, decorator });
        return {
          outline: outline.rects,
          shown,
          translucent:
            compositor !== 0 && (outline.depth === 32 || (await this.#hasOpacity(window, ...contents))),
        };
      }),
    );
    return { layers: layers.filter((layer) => layer !== null), isComposited: compositor !== 0 };
  }

  /** Shown only when the owner of the window and of everything visible in it may be shown. */
  async #isShown(window: number, look: Look): Promise<boolean> {
    const isManaged = look.managed.has(window);
    const isDecoration = !isManaged && look.reader.owners.clientOf(window) === look.decorator;
    if (!isDecoration && !look.mayShow(await look.reader.subjectOf(window))) {
      return !(await this.#isViewable(window));
    }
    const tree = await this.#x.askOfWindow<{ readonly children: readonly number[] }>((reply) =>
      this.#x.client.QueryTree(window, reply),
    );
    const inner = isManaged ? { ...look, decorator: null } : look;
    const children = await Promise.all((tree?.children ?? []).map((child) => this.#isShown(child, inner)));
    return children.every(Boolean);
  }

  async #isViewable(window: number): Promise<boolean> {
    const attributes = await this.#x.askOfWindow<{ readonly klass: number; readonly mapState: number }>(
      (reply) => this.#x.client.GetWindowAttributes(window, reply),
    );
    return attributes?.mapState === VIEWABLE && attributes.klass !== INPUT_ONLY;
  }

  async #outline(
    window: number,
  ): Promise<{ readonly rects: readonly Rect[]; readonly depth: number } | null> {
    const { client, ext } = this.#x;
    const [attributes, geometry, shape] = await Promise.all([
      this.#x.askOfWindow<{ readonly klass: number; readonly mapState: number }>((reply) =>
        client.GetWindowAttributes(window, reply),
      ),
      this.#x.askOfWindow<{
        readonly depth: number;
        readonly xPos: number;
        readonly yPos: number;
        readonly borderWidth: number;
      }>((reply) => client.GetGeometry(window, reply)),
      this.#x.askOfWindow<{ readonly rectangles: readonly (readonly [number, number, number, number])[] }>(
        (reply) => ext.shape.GetRectangles(window, ext.shape.Kind.Bounding, reply),
      ),
    ]);
    if (attributes?.mapState !== VIEWABLE || attributes.klass === INPUT_ONLY) return null;
    if (geometry === null || shape === null) return null;
    const left = geometry.xPos + geometry.borderWidth;
    const top = geometry.yPos + geometry.borderWidth;
    const rects = shape.rectangles.map(([x, y, width, height]) => ({
      x: left + x,
      y: top + y,
      width,
      height,
    }));
    return { rects, depth: geometry.depth };
  }

  async #hasOpacity(...windows: readonly number[]): Promise<boolean> {
    const opacities = await Promise.all(
      windows.map((window) => this.#x.longs(window, '_NET_WM_WINDOW_OPACITY', 1)),
    );
    return opacities.some((opacity) => opacity.length > 0);
  }
}

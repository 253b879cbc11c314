import type { Subject } from '@deskhand/tier-policy';
import type { Point, Rect, Size } from '../../core/geometry.ts';
import type { Pane } from '../../core/visible.ts';
import type { XConnection } from './connection.ts';
import type { OwnerSources } from './owners.ts';
import { SceneReader } from './scene.ts';

const VIEWABLE = 2;
const INPUT_ONLY = 2;

/** A window of the root that can be seen. */
export interface WindowLayer extends Pane {
  /** The windows of applications in it, or itself when no window manager framed it. */
  readonly contents: readonly Content[];
}

interface Content {
  readonly window: number;
  readonly pid: number;
  readonly at: Point;
  readonly size: Size;
}

interface Look {
  readonly reader: SceneReader;
  readonly mayShow: (subject: Subject) => boolean;
  /** The windows that the window manager lists: the contents of frames. */
  readonly managed: ReadonlySet<number>;
  /** The connection that draws the frame around them; shown with its contents. */
  readonly decorator: number | null;
}

/** Reads which windows lie over each other, and which of them the session may see. */
export class LayerReader {
  readonly #x: XConnection;
  readonly #sources: OwnerSources;

  constructor(x: XConnection, sources: OwnerSources) {
    this.#x = x;
    this.#sources = sources;
  }

  /** Every visible window of the root, bottom to top, with whose content it shows. */
  async read(
    mayShow: (subject: Subject) => boolean,
  ): Promise<{ readonly layers: readonly WindowLayer[]; readonly isComposited: boolean }> {
    const reader = new SceneReader(this.#x, this.#sources);
    const { client, root } = this.#x;
    const [tree, clients, compositor] = await Promise.all([
      this.#x.ask<{ readonly children: readonly number[] }>((reply) => client.QueryTree(root, reply)),
      this.#x.longs(root, '_NET_CLIENT_LIST'),
      this.#x.ask<number>((reply) => client.GetSelectionOwner(this.#x.atom('_NET_WM_CM_S0'), reply)),
    ]);
    const isComposited = compositor !== 0;
    // all owners are wanted below: they are asked for in the same round trip as the frames
    for (const window of clients) void reader.subjectOf(window);
    const [framed, outlines] = await Promise.all([
      Promise.all(
        clients.map(async (window) => ({ window, frame: (await reader.pathOf(window))[0] ?? window })),
      ),
      Promise.all(tree.children.map((window) => this.#outline(window))),
    ]);
    const look = { reader, mayShow: askingOnce(mayShow), managed: new Set(clients) };
    const layers = await Promise.all(
      tree.children.map(async (window, index) => {
        const outline = outlines[index] ?? null;
        if (outline === null) return null;
        const inside = framed.flatMap((client) => (client.frame === window ? [client.window] : []));
        const decorator = inside.length === 0 ? null : reader.owners.clientOf(window);
        const [shown, contents, translucent] = await Promise.all([
          this.#isShown(window, { ...look, decorator }),
          this.#contents(inside.length === 0 ? [window] : inside, reader),
          isComposited && (outline.depth === 32 || this.#hasOpacity(window, ...inside)),
        ]);
        return { window, at: outline.at, contents, outline: outline.rects, shown, translucent };
      }),
    );
    return { layers: layers.filter((layer) => layer !== null), isComposited };
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

  async #contents(windows: readonly number[], reader: SceneReader): Promise<readonly Content[]> {
    const found = await Promise.all(
      windows.map(async (window) => {
        const [subject, at, size] = await Promise.all([
          reader.subjectOf(window),
          insideOf(this.#x, window),
          this.#x.askOfWindow<Size>((reply) => this.#x.client.GetGeometry(window, reply)),
        ]);
        if (subject.kind !== 'app' || at === null || size === null) return null;
        return { window, pid: subject.app.pid, at, size };
      }),
    );
    return found.filter((content) => content !== null);
  }

  async #isViewable(window: number): Promise<boolean> {
    const attributes = await this.#x.askOfWindow<{ readonly klass: number; readonly mapState: number }>(
      (reply) => this.#x.client.GetWindowAttributes(window, reply),
    );
    return attributes?.mapState === VIEWABLE && attributes.klass !== INPUT_ONLY;
  }

  async #outline(
    window: number,
  ): Promise<{ readonly at: Point; readonly rects: readonly Rect[]; readonly depth: number } | null> {
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
    return { at: { x: left, y: top }, rects, depth: geometry.depth };
  }

  async #hasOpacity(...windows: readonly number[]): Promise<boolean> {
    const opacities = await Promise.all(
      windows.map((window) => this.#x.longs(window, '_NET_WM_WINDOW_OPACITY', 1)),
    );
    return opacities.some((opacity) => opacity.length > 0);
  }
}

/** Nothing changes while the desktop is read, and one owner has many windows. */
function askingOnce(mayShow: Look['mayShow']): Look['mayShow'] {
  const known = new Map<Subject, boolean>();
  return (subject) => {
    const before = known.get(subject);
    if (before !== undefined) return before;
    const answer = mayShow(subject);
    known.set(subject, answer);
    return answer;
  };
}

/** Where the inside of a window begins on the screen; `null` when the window is gone. */
async function insideOf(x: XConnection, window: number): Promise<Point | null> {
  const origin = await x.askOfWindow<{ readonly destX: number; readonly destY: number }>((reply) =>
    x.client.TranslateCoordinates(window, x.root, 0, 0, reply),
  );
  // the protocol's signed 16 bits: windows can start left of or above the screen
  const signed = (value: number): number => (value << 16) >> 16;
  return origin === null ? null : { x: signed(origin.destX), y: signed(origin.destY) };
}

import { z } from 'zod';
import type { Point, Rect } from '../../../core/geometry.ts';
import type { LaidWindow } from '../compositor.ts';

const rectSchema = z.object({ x: z.number(), y: z.number(), width: z.number(), height: z.number() });

const nodeSchema = z.object({
  id: z.number(),
  type: z.string(),
  name: z.string().nullable().optional(),
  current_workspace: z.string().nullable().optional(),
  pid: z.number().optional(),
  shell: z.string().optional(),
  focused: z.boolean(),
  visible: z.boolean().optional(),
  fullscreen_mode: z.number().optional(),
  rect: rectSchema,
  window_rect: rectSchema,
  deco_rect: rectSchema,
  geometry: rectSchema,
  get nodes() {
    return z.array(nodeSchema);
  },
  get floating_nodes() {
    return z.array(nodeSchema);
  },
});

type Node = z.infer<typeof nodeSchema>;

interface SwayWindow extends LaidWindow {
  /** Covers its output, or all of them. */
  readonly isFullscreen: boolean;
}

export interface SwayTree {
  readonly screen: Rect;
  /** Topmost first. */
  readonly windows: readonly LaidWindow[];
}

const moved = (rect: Rect, by: Point): Rect => ({ ...rect, x: rect.x + by.x, y: rect.y + by.y });

/** What a node is in: the place of its parent, and whether its workspace is on a screen now. */
interface Around {
  readonly rect: Rect;
  readonly isShown: boolean;
}

function windowOf(node: Node, parent: Around): SwayWindow {
  const { rect, window_rect: inner, deco_rect: deco, geometry } = node;
  const content = moved(inner, rect);
  // a program that does not keep to its size is drawn beyond it
  const drawn = {
    ...content,
    width: Math.max(content.width, geometry.width),
    height: Math.max(content.height, geometry.height),
  };
  const hasTitle = parent.isShown && deco.width > 0 && deco.height > 0;
  const title = hasTitle ? [moved(deco, parent.rect)] : [];
  const isVisible = node.visible === true;
  return {
    id: node.id,
    pid: node.shell === 'xdg_shell' && node.pid !== undefined && node.pid > 0 ? node.pid : null,
    title: node.name ?? '',
    content,
    whole: [...(isVisible ? [rect, drawn] : []), ...title],
    focused: node.focused,
    visible: isVisible,
    isFullscreen: (node.fullscreen_mode ?? 0) > 0,
  };
}

/** Windows below a node, the bottommost first: floating ones are over tiled ones. */
function windowsIn(node: Node, parent: Around): readonly SwayWindow[] {
  const inner = [...node.nodes, ...node.floating_nodes].flatMap((child) => {
    const isOther = child.type === 'workspace' && child.name !== node.current_workspace;
    return windowsIn(child, { rect: node.rect, isShown: parent.isShown && !isOther });
  });
  return node.shell === undefined ? inner : [windowOf(node, parent), ...inner];
}

/** Reads the answer of GET_TREE. */
export function readTree(answer: unknown): SwayTree {
  const root = nodeSchema.parse(answer);
  const found = windowsIn(root, { rect: root.rect, isShown: true });
  const rank = ({ isFullscreen }: SwayWindow): number => (isFullscreen ? 1 : 0);
  const stacked = found.toSorted((a, b) => rank(a) - rank(b));
  return { screen: root.rect, windows: stacked.toReversed() };
}

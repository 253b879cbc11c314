import type { CdpSession } from '../cdp/connection.ts';
import type { Frame } from './frame.ts';

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Where a node is, from the top left corner of what the tab shows, in pixels of the page; `null` when it has no place. */
export async function boxOf(frame: Frame, objectId: string, signal: AbortSignal): Promise<Box | null> {
  const inside = await boxIn(frame.session, { objectId }, signal);
  if (inside === null) return null;
  const { x, y } = await originOf(frame, signal);
  return { ...inside, x: inside.x + x, y: inside.y + y };
}

/** Where the outermost frame of the process of this one begins. */
async function originOf(frame: Frame, signal: AbortSignal): Promise<Pick<Box, 'x' | 'y'>> {
  const { parent, session } = frame;
  if (parent === null) return { x: 0, y: 0 };
  const outer = await originOf(parent, signal);
  if (parent.session === session) return outer;
  const owner = await parent.session.send('DOM.getFrameOwner', { frameId: frame.id }, { signal });
  const held = await boxIn(parent.session, { backendNodeId: owner.backendNodeId }, signal);
  return { x: outer.x + (held?.x ?? 0), y: outer.y + (held?.y ?? 0) };
}

async function boxIn(
  session: CdpSession,
  node: { readonly objectId: string } | { readonly backendNodeId: number },
  signal: AbortSignal,
): Promise<Box | null> {
  try {
    const { model } = await session.send('DOM.getBoxModel', node, { signal });
    const isFrame = 'backendNodeId' in node;
    const corners = isFrame ? model.content : model.border;
    const [xs, ys] = [corners.filter((_, at) => at % 2 === 0), corners.filter((_, at) => at % 2 === 1)];
    const [x, y] = [Math.min(...xs), Math.min(...ys)];
    return { x, y, width: Math.max(...xs) - x, height: Math.max(...ys) - y };
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof Error && error.name === 'CommandFailed') return null; // it is not painted
    throw error;
  }
}

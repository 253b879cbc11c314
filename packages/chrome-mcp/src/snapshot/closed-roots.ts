import type { Protocol } from 'devtools-protocol';
import type { Frame } from '../browser/frame.ts';
import { DocumentGone } from '../browser/failure.ts';
import { CommandFailed } from '../cdp/connection.ts';

/** Hands the closed shadow roots of elements to the page script; gives whether there were any. */
export async function adoptClosedRoots(
  frame: Frame,
  hosts: readonly number[],
  signal: AbortSignal,
): Promise<boolean> {
  const found = await Promise.all(hosts.map((host) => closedRoot(frame, host, signal)));
  const roots = found.filter((root) => root !== null);
  if (roots.length === 0) return false;
  await frame.call('adopt', { roots }, { signal });
  return true;
}

async function closedRoot(frame: Frame, host: number, signal: AbortSignal): Promise<number | null> {
  try {
    const objectId = await frame.node(host, 'isolated', signal);
    if (objectId === null) return null;
    const { node } = await frame.session.send('DOM.describeNode', { objectId }, { signal });
    const root = node.shadowRoots?.find(isClosed);
    return root === undefined ? null : await frame.refOf(root.backendNodeId, signal);
  } catch (error) {
    // the element went away in between: then nothing of it is seen
    if (error instanceof CommandFailed || error instanceof DocumentGone) return null;
    throw error;
  }
}

const isClosed = ({ shadowRootType }: Protocol.DOM.Node): boolean => shadowRootType === 'closed';

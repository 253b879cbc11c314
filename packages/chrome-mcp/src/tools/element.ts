import { quoted, ToolError } from '@deskhand/server-runtime';
import type { Frame } from '../browser/frame.ts';
import type { Tab } from '../browser/tab.ts';
import { parseRef } from '../core/ref.ts';

export interface Element {
  readonly frame: Frame;
  /** Of the protocol, in the world that was asked for. */
  readonly objectId: string;
}

/** The frame with this number. @throws ToolError when there is none */
export function frameOf(tab: Tab, ordinal: number): Frame {
  const frame = tab.frame(ordinal);
  if (frame !== null) return frame;
  throw new ToolError('no_such_frame', `The page has no frame ${ordinal}`, {
    hint: 'Take a snapshot: it names the frames.',
  });
}

/** The element that a ref stands for. @throws ToolError when it is none, or gone */
export async function elementOf(
  tab: Tab,
  { ref, world }: { readonly ref: string; readonly world: 'isolated' | 'page' },
  signal: AbortSignal,
): Promise<Element> {
  const parsed = parseRef(ref);
  if (parsed === null) {
    throw new ToolError('invalid_arguments', `${quoted(ref, 40)} is no ref`, {
      hint: 'Refs are those of a snapshot, such as e12 or f3e12.',
    });
  }
  const frame = frameOf(tab, parsed.frame);
  const objectId = await frame.node(parsed.node, world, signal);
  if (objectId !== null) return { frame, objectId };
  const was = await frame.call('describe', { ref: parsed.node }, { signal });
  const what =
    was === null
      ? `${ref} was never given to an element of this page`
      : `${was.role} ${quoted(was.name, 80)} (${ref}) is gone`;
  throw new ToolError('stale_ref', what, { hint: 'Take a new snapshot and use its refs.' });
}

import { inTime, quoted } from '@deskhand/server-runtime';
import type { Frame } from '../browser/frame.ts';
import { DocumentGone } from '../browser/failure.ts';
import { CommandFailed, ConnectionClosed } from '../cdp/connection.ts';
import { formatRef } from '../core/ref.ts';
import type { FindRequest, FrameMatches, Match } from '../page/api.ts';

/** How long a frame inside the page may take. */
const FRAME_MS = 3_000;

/** What was found in all frames. */
export interface Found {
  readonly lines: readonly string[];
  readonly isCut: boolean;
  /** Frames that did not answer. */
  readonly silent: readonly string[];
}

/** Searches all frames at once; a frame in the page that does not answer is told, not waited for. */
export async function searchFrames(
  frames: readonly Frame[],
  request: FindRequest,
  signal: AbortSignal,
): Promise<Found> {
  const all = await Promise.all(
    frames.map(async (frame) => ({ frame, found: await searchFrame(frame, request, signal) })),
  );
  signal.throwIfAborted();
  const matches = all.flatMap(({ frame, found }) =>
    (found?.matches ?? []).map((match) => lineOf(match, frame.ordinal)),
  );
  return {
    lines: matches.slice(0, request.limit),
    isCut: matches.length > request.limit || all.some(({ found }) => found?.isCut === true),
    silent: all.filter(({ found }) => found === null).map(({ frame }) => `f${frame.ordinal}`),
  };
}

async function searchFrame(
  frame: Frame,
  request: FindRequest,
  signal: AbortSignal,
): Promise<FrameMatches | null> {
  if (frame.parent === null) return frame.call('find', request, { signal });
  try {
    return await inTime(FRAME_MS, signal, (limited) => frame.call('find', request, { signal: limited }));
  } catch (error) {
    const isLost =
      error instanceof DocumentGone || error instanceof CommandFailed || error instanceof ConnectionClosed;
    const isLate = error instanceof Error && error.name === 'TimeoutError';
    // told as a frame that did not answer
    if (isLost || isLate) return null;
    throw error;
  }
}

function lineOf({ ref, role, name, text, unseen, isInView }: Match, frame: number): string {
  const isSaid = name.includes(text.replaceAll('…', ''));
  return [
    `${role === 'generic' || role === 'none' ? 'text' : role} [${formatRef({ frame, node: ref })}]`,
    name === '' ? '' : quoted(name, 160),
    isSaid ? '' : quoted(text, 240),
    unseen === undefined ? '' : `(unseen: ${unseen})`,
    isInView || unseen !== undefined ? '' : '(not on the screen)',
  ]
    .filter((word) => word !== '')
    .join(' ');
}

import { inTime } from '@deskhand/server-runtime';
import { setTimeout } from 'node:timers/promises';
import type { Frame } from '../browser/frame.ts';
import { DocumentGone } from '../browser/failure.ts';
import { patiently } from '../browser/turns.ts';
import { CommandFailed, ConnectionClosed } from '../cdp/connection.ts';
import type { FrameSnapshot, SnapshotRequest } from '../page/api.ts';
import { adoptClosedRoots } from './closed-roots.ts';

/** How long a frame inside the page may take. */
const FRAME_MS = 2_000;
/** A command that was lost is not waited for until the end. */
const FIRST_MS = 700;
const RETRY_MS = 20;

/** A frame as it is shown, with those that are shown in it. */
export interface Branch {
  readonly frame: Frame;
  /** What was asked of it. */
  readonly request: SnapshotRequest;
  /** `null` when it did not answer. */
  readonly shown: FrameSnapshot | null;
  readonly inner: readonly InnerBranch[];
}

export interface InnerBranch extends Branch {
  /** The ref, in the frame around, of the element that holds it. */
  readonly owner: number;
}

export interface ReadOptions {
  readonly signal: AbortSignal;
  /** What the frame has just told of itself. */
  readonly shown?: FrameSnapshot;
}

/** Reads a frame and, at the same time, all frames in it; those that are not painted are not waited for. */
export async function readBranch(
  frame: Frame,
  request: SnapshotRequest,
  { signal, shown: known }: ReadOptions,
): Promise<Branch & { readonly shown: FrameSnapshot }> {
  const reading = readFrame(frame, request, { signal, ...(known !== undefined && { shown: known }) });
  const { shown, inner } = await withInner(frame, request, { reading, signal });
  if (shown === null) throw new DocumentGone(`the document of frame ${frame.ordinal} was replaced`);
  return { frame, request, shown, inner };
}

interface Reading {
  readonly reading: Promise<FrameSnapshot | null>;
  readonly signal: AbortSignal;
}

async function withInner(
  frame: Frame,
  request: SnapshotRequest,
  { reading, signal }: Reading,
): Promise<Branch> {
  const children = request.page === undefined ? frame.children : [];
  const started = children.map((child) => startInner(child, request.budget, signal));
  const shown = await reading;
  const lines = shown?.lines ?? [];
  const placed = new Set(lines.filter(({ isFrame }) => isFrame === true).map(({ ref }) => ref));
  const inner = await Promise.all(
    started.map(async ({ owner, branch }) => {
      const ref = await owner;
      return ref === null || !placed.has(ref) ? null : { ...(await branch), owner: ref };
    }),
  );
  signal.throwIfAborted();
  return { frame, request, shown, inner: inner.filter((branch) => branch !== null) };
}

/** Reads one frame, with what its closed shadow roots show. */
export async function readFrame(
  frame: Frame,
  request: SnapshotRequest,
  { signal, shown: known }: ReadOptions,
): Promise<FrameSnapshot> {
  const shown = known ?? (await frame.call('snapshot', request, { signal }));
  const hasMore = shown.hosts.length > 0 && (await adoptClosedRoots(frame, shown.hosts, signal));
  return hasMore ? readFrame(frame, request, { signal }) : shown;
}

interface Started {
  readonly owner: Promise<number | null>;
  readonly branch: Promise<Branch>;
}

/** The time is that of each frame alone, not of those in it. */
function startInner(frame: Frame, budget: number, outer: AbortSignal): Started {
  const request = { budget };
  const inItsTime = <T>(work: (signal: AbortSignal) => Promise<T>): Promise<T | null> =>
    orElse<T | null>(
      inTime(FRAME_MS, outer, (signal) => persist(work, signal)),
      null,
    );
  const owner = inItsTime((signal) => frame.ownerRef(signal));
  const reading = inItsTime((signal) => readFrame(frame, request, { signal }));
  const branch = withInner(frame, request, { reading, signal: outer });
  // those of a frame that is not painted are not waited for
  void Promise.allSettled([owner, branch]);
  return { owner, branch };
}

/**
 * Tries again while a frame is between two documents or processes, which nothing tells the end of: a command sent
 * meanwhile fails, or is never answered.
 */
async function persist<T>(work: (signal: AbortSignal) => Promise<T>, outer: AbortSignal): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      if (attempt > 1) return await work(outer);
      const first = await patiently(FIRST_MS, outer, async (signal) => ({ answer: await work(signal) }));
      if (first !== null) return first.answer;
    } catch (error) {
      if (!isBetween(error)) throw error;
    }
    await setTimeout(RETRY_MS, undefined, { signal: outer });
  }
}

const isBetween = (error: unknown): boolean =>
  error instanceof DocumentGone || error instanceof CommandFailed || error instanceof ConnectionClosed;

/** A frame that is gone, was stopped or does not answer in time is told as such; anything else is a bug. */
async function orElse<T>(work: Promise<T>, otherwise: T): Promise<T> {
  try {
    return await work;
  } catch (error) {
    const isStopped = error instanceof Error && /^(?:TimeoutError|AbortError)$/.test(error.name);
    if (isBetween(error) || isStopped) return otherwise;
    throw error;
  }
}

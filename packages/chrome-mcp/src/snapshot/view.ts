import type { Frame } from '../browser/frame.ts';
import type { Ref } from '../core/ref.ts';
import type { FrameSnapshot, SnapshotLine, SnapshotRequest } from '../page/api.ts';
import { readBranch, readFrame, type Branch, type InnerBranch, type ReadOptions } from './branch.ts';
import { lineText } from './line-text.ts';
import { shares } from './shares.ts';

/** Bytes of lines in one answer. */
const BUDGET = 19_000;

/** All that a frame shows, as far as one answer has room for it. */
export const WHOLE: SnapshotRequest = { budget: BUDGET };

export interface ViewRequest {
  /** Only what is in the element with this number. */
  readonly within?: number;
  /** A part of the whole, from 1. */
  readonly page?: number;
}

/** A line of a view, with all frames in one indent. */
export interface ViewLine {
  /** The ref of its element; `null` for what has none. */
  readonly ref: Ref | null;
  readonly depth: number;
  readonly text: string;
  /** What the text says, as the frame told it; `null` for what is said of a frame. */
  readonly told: SnapshotLine | null;
}

/** What a frame shows, with the frames in it. */
export interface View {
  readonly lines: readonly ViewLine[];
  /** Of the frame that was asked, which says whether `within` is there. */
  readonly top: FrameSnapshot;
  /** There is more than the lines say, in some frame. */
  readonly isCut: boolean;
}

/**
 * Reads what a frame shows, with all frames in it at once: each within a time of its own, all within one budget.
 *
 * @throws DocumentGone when the document is replaced meanwhile
 */
export async function readView(frame: Frame, request: ViewRequest, options: ReadOptions): Promise<View> {
  const whole = await readBranch(frame, { ...request, ...WHOLE }, options);
  const fitted = await fit(whole, options.signal);
  return {
    lines: linesOf(fitted, 0),
    top: fitted.shown ?? whole.shown,
    isCut: all(fitted).some(({ shown }) => shown?.isCut === true),
  };
}

/** Bytes of a line when it is written. */
const sizeOf = ({ depth, text }: ViewLine): number => depth * 2 + Buffer.byteLength(text) + 1;

/** Reads those frames again, for less, that take more than their share. */
async function fit(whole: Branch, signal: AbortSignal): Promise<Branch> {
  const branches = all(whole);
  const sizes = branches.map((branch) => total(ownLines(branch, 0)));
  if (total(linesOf(whole, 0)) <= BUDGET || branches.length === 1) return whole;
  const budgets = shares(sizes, BUDGET);
  const shown = await Promise.all(
    branches.map(async ({ frame, request, shown: old }, at) => {
      const budget = budgets[at] ?? 0;
      const isOver = (sizes[at] ?? 0) > budget;
      return isOver ? readFrame(frame, { ...request, budget }, { signal }) : old;
    }),
  );
  const again = new Map(branches.map((branch, at) => [branch.frame, shown[at] ?? null]));
  const rebuilt = <B extends Branch>(branch: B): B => ({
    ...branch,
    shown: again.get(branch.frame) ?? null,
    inner: branch.inner.map((child): InnerBranch => rebuilt(child)),
  });
  return rebuilt(whole);
}

const all = (branch: Branch): readonly Branch[] => [branch, ...branch.inner.flatMap(all)];

const total = (lines: readonly ViewLine[]): number => lines.reduce((sum, line) => sum + sizeOf(line), 0);

function linesOf(branch: Branch, depth: number): readonly ViewLine[] {
  const { frame, shown, inner } = branch;
  if (shown === null) {
    const text = `(frame f${frame.ordinal} did not answer in time; it may hang or be loading)`;
    return [{ ref: null, depth, text, told: null }];
  }
  return ownLines(branch, depth).flatMap((line) => {
    const within = inner.find(({ owner }) => line.ref?.node === owner);
    return within === undefined ? [line] : [line, ...linesOf(within, line.depth + 1)];
  });
}

const ownLines = ({ frame, shown }: Branch, depth: number): readonly ViewLine[] =>
  (shown?.lines ?? []).map((line) => ({
    ref: line.ref === null ? null : { frame: frame.ordinal, node: line.ref },
    depth: depth + line.depth,
    text: lineText(line, frame.ordinal),
    told: line,
  }));

import type { ActionApi } from './action-api.ts';

/**
 * What the page script offers, in an isolated world of each frame: JSON in, JSON out. Pages neither see nor change
 * it. A ref is a number that belongs to a node of the frame and is never given to another one.
 */
export interface PageApi extends ActionApi {
  /** Comes before each call: refs are given from here on at the earliest, so that none of an earlier page is again. */
  begin(request: { readonly firstRef: number }): null;
  /** The ref that the next node will get; the host asks after each call and begins the next world with it. */
  nextRef(): number;
  /** What the frame shows, up to a budget. */
  snapshot(request: SnapshotRequest): FrameSnapshot;
  /** Elements and texts that match, the painted ones first. */
  find(request: FindRequest): FrameMatches;
  /** Takes in closed shadow roots by their refs, so that what they show is seen. */
  adopt(request: { readonly roots: readonly number[] }): null;
  /** What a ref stands for; `null` for one that was never given. */
  describe(request: { readonly ref: number }): Described | null;
}

/** What the host calls with nodes instead of JSON, beside the rest on the same object. */
export interface PageNodes<Node> {
  /** The ref of a node, given now if it has none. */
  refOf(node: Node): number;
  /** `null` when it is gone and nothing took its place. */
  nodeOf(ref: number): Node | null;
}

export interface Described {
  readonly role: string;
  readonly name: string;
  /** Still part of the page. */
  readonly isAttached: boolean;
}

export interface SnapshotRequest {
  /** Start at this element instead of the whole frame. */
  readonly within?: number;
  /** Bytes of text that the lines may take, roughly. */
  readonly budget: number;
  /** This part, from 1, of the whole in the order of the document, with no rows folded. */
  readonly page?: number;
}

export interface FrameSnapshot {
  /** `gone`: what `within` stood for was removed. */
  readonly state: 'shown' | 'gone' | 'unknown';
  readonly lines: readonly SnapshotLine[];
  /** There is more than the lines say. */
  readonly isCut: boolean;
  /** The first line is not the first of the frame: what is on the screen came first. */
  readonly isFromViewport: boolean;
  /** What `within` was, when it is gone or had to be found again. */
  readonly was: Described | null;
  readonly isHealed: boolean;
  readonly title: string;
  /** Differs from that of every other document of the frame. */
  readonly document: number;
  readonly scroll: { readonly top: number; readonly view: number; readonly height: number };
  /** Elements that could have a closed shadow root, which only the host can tell. */
  readonly hosts: readonly number[];
}

/** Why words are in the page and yet not seen. */
export type Unseen =
  'transparent' | 'clipped' | 'off-screen' | 'tiny' | 'same-colour' | 'zero-size' | 'not-painted';

export interface SnapshotLine {
  readonly depth: number;
  /** `text` for words that belong to no control; otherwise an ARIA role or one of our own. */
  readonly role: string;
  readonly name: string;
  readonly ref: number | null;
  readonly value?: string;
  readonly states: readonly string[];
  readonly unseen?: Unseen;
  /** What stands beside each other: cells of a row, options of a list. */
  readonly parts?: readonly (readonly SnapshotLine[])[];
  /** Another frame goes in here. */
  readonly isFrame?: true;
  /** Rows that were left out. */
  readonly folded?: Folded;
}

export interface Folded {
  readonly count: number;
  /** First and last ref, when they follow one another. */
  readonly refs: readonly [number, number] | null;
  /** What has them all. */
  readonly within: number | null;
}

export interface FindRequest {
  readonly text?: string;
  /** Source of a regular expression; matched without regard to case. */
  readonly regex?: string;
  readonly role?: string;
  readonly limit: number;
}

export interface FrameMatches {
  readonly matches: readonly Match[];
  /** There are more than the limit. */
  readonly isCut: boolean;
}

export interface Match {
  readonly ref: number;
  readonly role: string;
  readonly name: string;
  /** Words around the match. */
  readonly text: string;
  readonly unseen?: Unseen;
  readonly isInView: boolean;
}

/**
 * What the page script offers, in an isolated world of each frame: JSON in, JSON out. Pages neither see nor change
 * it. A ref is a number that belongs to a node of the frame and is never given to another one.
 */
export interface PageApi {
  /** Comes first in a new world: refs are given from here on, so that none of an earlier page is given again. */
  begin(request: { readonly firstRef: number }): null;
  /** The ref that the next node will get; the host asks after each call and begins the next world with it. */
  nextRef(): number;
  /** What a ref stands for; `null` for one that was never given. */
  describe(request: { readonly ref: number }): Described | null;
}

/** What the host calls with nodes instead of JSON, beside the rest on the same object. */
export interface PageNodes<Node> {
  /** The ref of a node, given now if it has none. */
  refOf(node: Node): number;
  /** `null` when it is gone. */
  nodeOf(ref: number): Node | null;
}

export interface Described {
  readonly role: string;
  readonly name: string;
  /** Still part of the page. */
  readonly isAttached: boolean;
}

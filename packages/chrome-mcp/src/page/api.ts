/**
 * What the page script offers, in an isolated world of each frame: JSON in, JSON out. Pages neither see nor change
 * it. A ref is a number that belongs to a node of the frame and is never given to another one.
 */
export interface PageApi {
  /** What a ref stands for; `null` for one that was never given. */
  describe(request: { readonly ref: number }): Described | null;
}

export interface Described {
  readonly role: string;
  readonly name: string;
  /** Still part of the page. */
  readonly isAttached: boolean;
}

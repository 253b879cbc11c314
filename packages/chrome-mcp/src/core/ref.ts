/** An element as the model names it: a node of a frame. */
export interface Ref {
  /** Ordinal of the frame in its tab; 0 is the main one. */
  readonly frame: number;
  readonly node: number;
}

const SHAPE = /^(?:f(?<frame>[1-9]\d{0,8}))?e(?<node>[1-9]\d{0,8})$/u;

/** Reads `e12` or `f3e12`; `null` for anything else. */
export function parseRef(text: string): Ref | null {
  const groups = SHAPE.exec(text.trim())?.groups;
  return groups === undefined ? null : { frame: Number(groups['frame'] ?? 0), node: Number(groups['node']) };
}

/** Writes a ref as `parseRef` reads it. */
export const formatRef = ({ frame, node }: Ref): string => (frame === 0 ? `e${node}` : `f${frame}e${node}`);

import { FlattenMap, originalPositionFor, type TraceMap } from '@jridgewell/trace-mapping';
import type { Place } from './message.ts';

export interface Origin extends Place {
  /** What the source calls it there. */
  readonly name: string | null;
}

/** Finds places in sources by the text of a map; `null` when it is no map. */
export function findOrigin(text: string, url: string): ((place: Place) => Origin) | null {
  const map = mapIn(text, url);
  if (map === null) return null;
  return (place) => {
    const found = originalPositionFor(map, { line: place.line + 1, column: place.column });
    if (found.source === null) return { ...place, name: null };
    return { url: found.source, line: found.line - 1, column: found.column, name: found.name };
  };
}

function mapIn(text: string, url: string): TraceMap | null {
  try {
    // some servers put a line before it that keeps it from being run as a script
    return new FlattenMap(text.replace(/^\)\]\}'[^\n]*\n/, ''), url);
  } catch {
    return null; // not JSON, or not of its shape
  }
}

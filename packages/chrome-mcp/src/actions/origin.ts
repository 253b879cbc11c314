import type { Frame } from '../browser/frame.ts';

/** Of the document in a frame; `null`, in words, for one without an address of its own. */
export const originOf = ({ url }: Frame): string => (URL.canParse(url) ? new URL(url).origin : 'null');

/** Of the document and of all that it stands in. */
export function originsAround(frame: Frame): readonly string[] {
  const origins: string[] = [];
  for (let at: Frame | null = frame; at !== null; at = at.parent) origins.push(originOf(at));
  return origins;
}

import { canonical } from './canonical.ts';

const CHARACTERS_A_TOKEN = 4;
const TOKENS_AN_IMAGE = 1_600;

/** About how many tokens a part of a request has; an estimate, the same for the same part. */
export function tokensOf(part: unknown): number {
  const images = countImages(part);
  const words = canonical(part, (key, value) => (key === 'data' ? '' : value));
  return Math.ceil(words.length / CHARACTERS_A_TOKEN) + images * TOKENS_AN_IMAGE;
}

function countImages(part: unknown): number {
  if (Array.isArray(part)) return part.reduce<number>((sum, one) => sum + countImages(one), 0);
  if (typeof part !== 'object' || part === null) return 0;
  const own = 'type' in part && part.type === 'image' ? 1 : 0;
  return Object.values(part).reduce<number>((sum, one) => sum + countImages(one), own);
}

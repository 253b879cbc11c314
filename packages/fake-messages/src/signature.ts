import { createHash } from 'node:crypto';
import { blocksOf, type RequestMessage } from './request.ts';

/**
 * What binds a thinking block to its words, to the model that wrote it and to the conversation that it was written in,
 * which is known by how it began.
 */
export function signatureOf(
  thinking: string,
  { model, messages }: { readonly model: string; readonly messages: readonly RequestMessage[] },
): string {
  const [first] = messages;
  const beginning = first === undefined ? [] : blocksOf(first).map(bare);
  return createHash('sha256')
    .update(JSON.stringify([model, beginning, thinking]))
    .digest('base64');
}

/** A mark for the cache moves from turn to turn. */
const bare = (block: Readonly<Record<string, unknown>>): unknown => ({ ...block, cache_control: undefined });

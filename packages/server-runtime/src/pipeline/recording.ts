import type { Bytes, ContentBlock } from '../content.ts';
import { canonicalJson, sha256 } from '../digest.ts';
import type { ToolResult } from '../tool.ts';
import type { Outcome } from './call.ts';

/** Something to say of bytes, and the bytes. */
interface Described {
  readonly said: unknown;
  readonly data: readonly Uint8Array[];
}

const bytesOf = (data: Bytes): Uint8Array => (typeof data === 'string' ? Buffer.from(data, 'base64') : data);

function describe(said: object, bytes: Bytes): Described {
  const data = bytesOf(bytes);
  return { said: { ...said, sha256: sha256(data) }, data: [data] };
}

function describeBlock(block: ContentBlock): Described {
  if ('data' in block) return describe({ type: block.type, mimeType: block.mimeType }, block.data);
  if (block.type !== 'resource' || !('blob' in block.resource)) return { said: block, data: [] };
  const { blob, ...resource } = block.resource;
  return describe({ type: block.type, resource }, blob);
}

/** A result with digests in place of its bytes, and these bytes. */
function describeResult({ text, images = [], blocks, structured }: ToolResult): Described {
  const pictures = images.map(({ mimeType, data }) => describe({ mimeType }, data));
  const parts = blocks?.map(describeBlock);
  const said = {
    text,
    images: pictures.map((each) => each.said),
    blocks: parts?.map((each) => each.said),
    structured,
  };
  return { said, data: [...pictures, ...(parts ?? [])].flatMap(({ data }) => data) };
}

/** The `resultSha256` of a result: of its canonical JSON with digests in place of pictures and other bytes. */
export const resultDigest = (result: ToolResult): string => sha256(describeResult(result).said);

/** Arguments as a sink that records keeps them, under their `argsSha256`. */
export const recordedArgs = (args: unknown): Uint8Array[] => [Buffer.from(canonicalJson(args))];

/** What a sink that records keeps of an outcome: what its `resultSha256` is the digest of, and the bytes named there. */
export function recordedOutcome(outcome: Outcome): Uint8Array[] {
  switch (outcome.kind) {
    case 'result': {
      const { said, data } = describeResult(outcome.result);
      return [Buffer.from(canonicalJson(said)), ...data];
    }
    case 'error':
      return [Buffer.from(canonicalJson(outcome.error.structured))];
    case 'questions':
      return [];
  }
}

import type { CallToolResult } from '@modelcontextprotocol/server';
import type { ResourceLink } from '../content.ts';
import { isRecord } from '../digest.ts';
import type { KeptResults } from './kept-results.ts';

type Block = CallToolResult['content'][number];

/** Text and structured content of one answer, in bytes. */
const textBytes = 256 * 1024;

/**
 * Pictures, sound and files of one answer, in bytes of base64. A model cannot see a picture behind a link, so they
 * may be big; but clients end a stdio connection at a message of 10 MB.
 */
const mediaBytes = 8 * 1024 * 1024;

/** Members of structured content that are at most this big stay when the rest has to go. */
const smallMember = 1024;

/** The answer as it may be sent; what is too big is kept, and a link says where. */
export function capResult(result: CallToolResult, kept: KeptResults): CallToolResult {
  const { structuredContent, content, ...rest } = result;
  const structured = capStructured(structuredContent, kept);
  const capped = new CappedContent(textBytes - structured.bytes, kept);
  for (const block of content) capped.add(block);
  if (structured.omitted !== undefined) capped.leaveOut('structured content', structured.omitted);
  return {
    ...rest,
    content: capped.blocks,
    ...(structured.content !== undefined && { structuredContent: structured.content }),
  };
}

/** What was left out: how big it is, and where it can be read unless there is no room to keep it. */
interface Omitted {
  readonly bytes: number;
  readonly link?: ResourceLink | undefined;
}

interface CappedStructure {
  readonly content?: unknown;
  readonly bytes: number;
  readonly omitted?: Omitted;
}

/** At most half of the room is for structured content, so that there is always room for text. */
function capStructured(structured: unknown, kept: KeptResults): CappedStructure {
  if (structured === undefined) return { bytes: 0 };
  const json = JSON.stringify(structured);
  const bytes = Buffer.byteLength(json);
  if (bytes <= textBytes / 2) return { content: structured, bytes };
  const link = kept.keep({ text: json }, { mimeType: 'application/json', name: 'structured content' });
  const content = {
    ...smallMembers(structured),
    omitted: { bytes, ...(link && { uri: link.uri }) },
  };
  return { content, bytes: Buffer.byteLength(JSON.stringify(content)), omitted: { bytes, link } };
}

function smallMembers(structured: unknown): Record<string, unknown> {
  if (!isRecord(structured)) return {};
  const small = Object.entries(structured).filter(
    ([name, value]) => value !== undefined && name.length + JSON.stringify(value).length <= smallMember,
  );
  return Object.fromEntries(small.slice(0, 16));
}

/** Content that is added as long as there is room. */
class CappedContent {
  readonly blocks: Block[] = [];
  readonly #kept: KeptResults;
  #text: number;
  #media = mediaBytes;

  constructor(text: number, kept: KeptResults) {
    this.#text = text;
    this.#kept = kept;
  }

  add(block: Block): void {
    if (block.type === 'text') this.#addText(block);
    else if (block.type === 'resource_link') this.#addOther(block, 'a link');
    else if (block.type === 'resource') this.#addResource(block);
    else this.#addMedia(block, { blob: block.data, mimeType: block.mimeType, name: block.type });
  }

  /** Says in words what is missing, and links to it. */
  leaveOut(what: string, { bytes, link }: Omitted): void {
    const where = link === undefined ? 'and was too big to keep' : `and can be read at ${link.uri}`;
    this.blocks.push({ type: 'text', text: `[${what} left out: it has ${bytes} bytes ${where}]` });
    if (link !== undefined) this.blocks.push({ type: 'resource_link', ...link });
  }

  #addText(block: Block & { type: 'text' }): void {
    const bytes = Buffer.byteLength(block.text);
    if (bytes <= this.#text) {
      this.#text -= bytes;
      this.blocks.push(block);
      return;
    }
    const all = Buffer.from(block.text);
    const end = characterStart(all, this.#text);
    this.#text = 0;
    const rest = all.subarray(end).toString();
    const link = this.#kept.keep({ text: rest }, { mimeType: 'text/plain', name: 'the rest of the text' });
    this.blocks.push({ ...block, text: all.subarray(0, end).toString() });
    this.leaveOut(`Only the first ${end} of ${bytes} bytes are here; the rest`, {
      bytes: bytes - end,
      link,
    });
  }

  #addMedia(block: Block, { blob, ...about }: { blob: string; mimeType: string; name: string }): void {
    if (blob.length <= this.#media) {
      this.#media -= blob.length;
      this.blocks.push(block);
      return;
    }
    const bytes = Buffer.byteLength(blob, 'base64');
    this.leaveOut(about.name, { bytes, link: this.#kept.keep({ blob }, about) });
  }

  #addResource(block: Block & { type: 'resource' }): void {
    const { resource } = block;
    const name = `the resource ${resource.uri.slice(0, 200)}`;
    const { mimeType = 'application/octet-stream' } = resource;
    if ('blob' in resource) this.#addMedia(block, { blob: resource.blob, mimeType, name });
    else this.#addOther(block, name);
  }

  #addOther(block: Block, name: string): void {
    const text = JSON.stringify(block);
    const bytes = Buffer.byteLength(text);
    if (bytes <= this.#text) {
      this.#text -= bytes;
      this.blocks.push(block);
      return;
    }
    this.leaveOut(name, { bytes, link: this.#kept.keep({ text }, { mimeType: 'application/json', name }) });
  }
}

/** The last place at or before `end` where a character of UTF-8 starts. */
function characterStart(utf8: Uint8Array, end: number): number {
  let start = end;
  while (start > 0 && ((utf8[start] ?? 0) & 0xc0) === 0x80) start -= 1;
  return start;
}

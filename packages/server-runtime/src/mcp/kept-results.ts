import { randomUUID } from 'node:crypto';
import type { ResourceContents, ResourceLink } from '../content.ts';

/** All results of one session that were too big to send, together, in bytes. */
const keptBytes = 16 * 1024 * 1024;

const prefix = 'deskhand://results/';

/** How results of this session are addressed. */
export const resultTemplate = `${prefix}{id}`;

interface Kept {
  readonly mimeType: string;
  readonly body: { readonly text: string } | { readonly blob: string };
  readonly bytes: number;
}

/** What did not fit into answers, in memory; the oldest goes when there is no room. */
export class KeptResults {
  readonly #kept = new Map<string, Kept>();
  #bytes = 0;

  /** A link under which it can be read; undefined when it is bigger than all the room there is. */
  keep(body: Kept['body'], { mimeType, name }: { mimeType: string; name: string }): ResourceLink | undefined {
    const bytes = Buffer.byteLength('text' in body ? body.text : body.blob);
    if (bytes > keptBytes) return undefined;
    for (const [id, old] of this.#kept) {
      if (this.#bytes + bytes <= keptBytes) break;
      this.#kept.delete(id);
      this.#bytes -= old.bytes;
    }
    const uri = `${prefix}${randomUUID()}`;
    this.#kept.set(uri, { mimeType, body, bytes });
    this.#bytes += bytes;
    const size = 'text' in body ? bytes : Buffer.byteLength(body.blob, 'base64');
    return { uri, name, mimeType, size };
  }

  read(uri: string): ResourceContents | undefined {
    const kept = this.#kept.get(uri);
    return kept === undefined ? undefined : { uri, mimeType: kept.mimeType, ...kept.body };
  }
}

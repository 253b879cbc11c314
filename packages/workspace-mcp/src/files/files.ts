import { Recent } from '@deskhand/server-runtime';
import { mkdirSync } from 'node:fs';
import { posix } from 'node:path';
import { openContent, readContent, sha256Of, writeContent, type Content } from './content.ts';
import { changesBetween } from './changes.ts';
import { applyEdits, type Edit } from './edit.ts';
import { decode, encode, type Decoded, type Encoding } from './encoding.ts';
import { FileError } from './file-error.ts';
import { atPlace, inFolder, type Place } from './place.ts';

const MIB = 1024 ** 2;
const MAX_FILE_BYTES = 64 * MIB;
const MAX_KNOWN = 256;
/** Texts that are kept, to say later what changed. */
const MAX_KEPT_LENGTH = 512 * 1024;

/** A part of a text. */
export interface TextAnswer {
  readonly kind: 'text';
  readonly path: string;
  readonly lines: readonly string[];
  /** Number of the first of them, from 1. */
  readonly from: number;
  /** Lines of the whole file. */
  readonly total: number;
  readonly encoding: string;
  readonly lineEnds: string;
}

export interface WriteAnswer {
  readonly path: string;
  readonly bytes: number;
  readonly created: boolean;
  /** Folders that had to be made for it. */
  readonly folders: readonly string[];
}

export interface EditAnswer {
  readonly path: string;
  readonly replaced: number;
  readonly written: boolean;
  /** The file was another when it was read last. */
  readonly changedMeanwhile: boolean;
  /** Lines that are new or changed, with those around them. */
  readonly parts: readonly Part[];
}

export interface Part {
  readonly from: number;
  readonly lines: readonly string[];
}

export interface ReadRequest {
  readonly path: string;
  readonly offset?: number | undefined;
  readonly limit?: number | undefined;
}

export interface EditRequest {
  readonly path: string;
  readonly edits: readonly Edit[];
  readonly dryRun?: boolean | undefined;
}

interface Known {
  readonly sha256: string;
  readonly text: string | null;
}

/** The files below a folder, for one session: what it has read is known, so that nothing unseen is overwritten. */
export class Files {
  readonly #root: string;
  readonly #known = new Recent<string, Known>(MAX_KNOWN);

  constructor(root: string) {
    this.#root = root;
  }

  /** @throws FileError */
  read({ path, offset = 1, limit = Infinity }: ReadRequest): TextAnswer {
    return atPlace(this.#root, path, (place) => {
      const content = readContent(place, MAX_FILE_BYTES);
      const decoded = textOf(content, place);
      this.#remember(place, content.sha256, decoded.text);
      const lines = linesOf(decoded.text);
      const from = Math.min(Math.max(offset, 1), Math.max(lines.length, 1));
      return {
        ...{ kind: 'text', path: place.path, from, total: lines.length },
        lines: lines.slice(from - 1, from - 1 + limit),
        encoding: nameOf(decoded.encoding),
        lineEnds: lineEndsOf(decoded.text),
      };
    });
  }

  /** A text as a whole. @throws FileError */
  text(path: string): { readonly path: string; readonly text: string } {
    return atPlace(this.#root, path, (place) => {
      const content = readContent(place, MAX_FILE_BYTES);
      const { text } = textOf(content, place);
      this.#remember(place, content.sha256, text);
      return { path: place.path, text };
    });
  }

  /** @throws FileError */
  bytes(path: string): { readonly path: string; readonly bytes: Buffer } {
    return atPlace(this.#root, path, (place) => ({
      path: place.path,
      bytes: readContent(place, MAX_FILE_BYTES).bytes,
    }));
  }

  /** A descriptor of a plain file, which the caller closes, and its first bytes. @throws FileError */
  open(path: string): { readonly path: string; readonly fd: number; readonly head: Buffer } {
    return atPlace(this.#root, path, (place) => ({ path: place.path, ...openContent(place) }));
  }

  /** Where a path leads, which need not be there yet. */
  real({ path }: { readonly path: string }): { readonly path: string } {
    try {
      return { path: atPlace(this.#root, path, (place) => place.path) };
    } catch (error) {
      const above = posix.dirname(posix.normalize(path));
      if (!(error instanceof FileError) || error.code !== 'not_found' || above.length < this.#root.length)
        throw error;
      return { path: posix.join(this.real({ path: above }).path, posix.basename(path)) };
    }
  }

  /** @throws FileError `not_read` or `stale` for a file whose content this session does not know */
  write({ path, content }: { readonly path: string; readonly content: string }): WriteAnswer {
    const folders = this.#makeFoldersAbove(path);
    return atPlace(this.#root, path, (place) => {
      const encoding =
        place.stat === null ? { name: 'utf8', mark: Buffer.alloc(0) } : this.#encodingForAll(place);
      const bytes = encoded(content, encoding, place.path);
      writeContent(place, bytes);
      this.#remember(place, sha256Of(bytes), content);
      return { path: place.path, bytes: bytes.length, created: place.stat === null, folders };
    });
  }

  /** @throws FileError; the file is as it was then */
  edit({ path, edits, dryRun = false }: EditRequest): EditAnswer {
    return atPlace(this.#root, path, (place) => {
      const content = readContent(place, MAX_FILE_BYTES);
      const decoded = textOf(content, place);
      const known = this.#known.get(place.path);
      const { text, changed, replaced } = applyEdits(decoded.text, edits);
      const bytes = encoded(text, decoded.encoding, place.path);
      if (!dryRun) {
        writeContent(place, bytes);
        this.#remember(place, sha256Of(bytes), text);
      }
      return {
        ...{ path: place.path, replaced, written: !dryRun },
        changedMeanwhile: known !== undefined && known.sha256 !== content.sha256,
        parts: partsOf(text, changed),
      };
    });
  }

  /** How a file that is replaced as a whole is written: as it is, when what it holds is known. */
  #encodingForAll(place: Place): Encoding {
    const { path } = place;
    const content = readContent(place, MAX_FILE_BYTES);
    const known = this.#known.get(path);
    if (known === undefined) {
      throw new FileError('not_read', `${path} is there, and was not read in this session`, {
        hint: 'Read it first, or change a part of it with Edit.',
      });
    }
    const decoded = decode(content.bytes);
    if (known.sha256 !== content.sha256) throw stale(path, known, decoded);
    return decoded?.encoding ?? { name: 'utf8', mark: Buffer.alloc(0) };
  }

  #remember({ path }: Place, sha256: string, text: string): void {
    this.#known.set(path, { sha256, text: text.length > MAX_KEPT_LENGTH ? null : text });
  }

  #makeFoldersAbove(path: string): readonly string[] {
    const folder = posix.dirname(posix.normalize(path));
    const missing: string[] = [];
    for (
      let above = folder;
      above.length > this.#root.length && !this.#isThere(above);
      above = posix.dirname(above)
    ) {
      missing.unshift(above);
    }
    for (const name of missing)
      atPlace(this.#root, name, (place) => mkdirSync(inFolder(place.parent, place.name)));
    return missing;
  }

  #isThere(path: string): boolean {
    try {
      return atPlace(this.#root, path, ({ stat }) => stat !== null);
    } catch (error) {
      if (error instanceof FileError && error.code === 'not_found') return false;
      throw error;
    }
  }
}

function textOf({ bytes }: Content, { path }: Place): Decoded {
  const decoded = decode(bytes);
  if (decoded !== null) return decoded;
  throw new FileError('binary', `${path} is no text: it has ${bytes.length} bytes of something else`, {
    hint: 'Use a program that knows its kind, with Bash.',
  });
}

function encoded(text: string, encoding: Encoding, path: string): Buffer {
  const bytes = encode(text, encoding);
  if (bytes !== null) return bytes;
  throw new FileError(
    'not_encodable',
    `${path} is written in ${nameOf(encoding)}, which lacks some of the new characters`,
    {
      hint: 'Use other characters, or convert the file with iconv first.',
    },
  );
}

function stale(path: string, known: Known, now: Decoded | null): FileError {
  const changes = known.text === null || now === null ? '' : `:\n${changesBetween(known.text, now.text)}`;
  return new FileError('stale', `${path} was changed by somebody else since it was read${changes}`, {
    hint: 'Read it again, and write what keeps those changes.',
  });
}

/** Lines without their ends; a last end is not followed by another line. */
function linesOf(text: string): readonly string[] {
  // without the other ends, a split at one character takes a quarter of the time
  const lines = text.split(text.includes('\r') ? /\r\n|\r|\n/ : '\n');
  if (lines.at(-1) === '') lines.pop();
  return lines;
}

const nameOf = ({ name, mark }: Encoding): string =>
  mark.length > 0 ? `${name} with a byte order mark` : name;

function lineEndsOf(text: string): string {
  if (!text.includes('\r')) return text.includes('\n') ? 'LF' : 'none';
  const kinds = new Set(text.match(/\r\n|\r|\n/g));
  const names = { '\r\n': 'CRLF', '\r': 'CR', '\n': 'LF' } as const;
  return (
    [...kinds].map((kind) => (kind === '\r\n' || kind === '\r' ? names[kind] : names['\n'])).join(' and ') ||
    'none'
  );
}

const AROUND = 2;

function partsOf(
  text: string,
  changed: readonly { readonly from: number; readonly to: number }[],
): readonly Part[] {
  const lines = linesOf(text);
  return changed.map(({ from, to }) => {
    const first = Math.max(1, from - AROUND);
    return { from: first, lines: lines.slice(first - 1, to + AROUND) };
  });
}

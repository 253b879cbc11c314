import { mkdirSync } from 'node:fs';
import { posix } from 'node:path';
import { openContent, readContent, sha256Of, writeContent, type Content } from './content.ts';
import { applyEdits, type Edit, type Edited } from './edit.ts';
import { decode, encode, type Decoded, type Encoding } from './encoding.ts';
import { FileError } from './file-error.ts';
import { KnownTexts } from './known-texts.ts';
import { Leftovers } from './leftovers.ts';
import { atPlace, inFolder, pathOf, refuseFixed, type Place, type Root } from './place.ts';
import { TextLines } from './text-lines.ts';

const MIB = 1024 ** 2;
const MAX_FILE_BYTES = 64 * MIB;

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

export interface WriteRequest {
  readonly path: string;
  /** In UTF-8; a file that has another encoding keeps it. */
  readonly content: Buffer;
}

export interface WriteAnswer {
  readonly path: string;
  readonly bytes: number;
  readonly created: boolean;
  /** Folders that had to be made for it. */
  readonly folders: readonly string[];
  readonly now: FileNow;
}

/** A file as it was left. */
export interface FileNow {
  readonly sha256: string;
  /** Its rights alone. */
  readonly mode: number;
  readonly size: number;
}

export interface EditAnswer {
  readonly path: string;
  readonly replaced: number;
  /** What the file is now; `null` when nothing was written. */
  readonly now: FileNow | null;
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

/** The files below a folder, for one session: what it has read is known, so that nothing unseen is overwritten. */
export class Files {
  readonly #root: Root;
  readonly #known = new KnownTexts();
  readonly #leftovers = new Leftovers();

  constructor(root: Root) {
    this.#root = root;
  }

  /** @throws FileError */
  read({ path, offset = 1, limit = Infinity }: ReadRequest): TextAnswer {
    return atPlace(this.#root, path, (place) => {
      const content = readContent(place, MAX_FILE_BYTES);
      const decoded = textOf(content, place);
      this.#known.remember(place.path, digestOf(content), () => decoded.text);
      const lines = new TextLines(decoded.text);
      const total = lines.count;
      const from = Math.min(Math.max(offset, 1), Math.max(total, 1));
      return {
        ...{ kind: 'text', path: place.path, from, total },
        lines: lines.between(from, from + limit - 1),
        encoding: nameOf(decoded.encoding),
        lineEnds: lines.ends,
      };
    });
  }

  /** A text as a whole. @throws FileError */
  text(path: string): { readonly path: string; readonly text: string } {
    return atPlace(this.#root, path, (place) => {
      const content = readContent(place, MAX_FILE_BYTES);
      const { text } = textOf(content, place);
      this.#known.remember(place.path, digestOf(content), () => text);
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
      if (
        !(error instanceof FileError) ||
        error.code !== 'not_found' ||
        above.length < pathOf(this.#root).length
      )
        throw error;
      return { path: posix.join(this.real({ path: above }).path, posix.basename(path)) };
    }
  }

  /** @throws FileError `not_read` or `stale` for a file whose content this session does not know */
  write({ path, content }: WriteRequest): WriteAnswer {
    const folders = this.#makeFoldersAbove(path);
    return atPlace(this.#root, path, (place) => {
      refuseFixed(place);
      const encoding =
        place.stat === null ? { name: 'utf8', mark: Buffer.alloc(0) } : this.#encodingForAll(place);
      const isAsGiven = encoding.name === 'utf8' && encoding.mark.length === 0;
      const bytes = isAsGiven ? content : encoded(content.toString('utf8'), encoding, place.path);
      this.#leftovers.sweep(place.parent);
      const mode = writeContent(place, bytes);
      const sha256 = sha256Of(bytes);
      this.#known.remember(place.path, { sha256, size: bytes.length }, () => content.toString('utf8'));
      return {
        ...{ path: place.path, bytes: bytes.length, created: place.stat === null, folders },
        now: { sha256, mode, size: bytes.length },
      };
    });
  }

  /** @throws FileError; the file is as it was then */
  edit({ path, edits, dryRun = false }: EditRequest): EditAnswer {
    return atPlace(this.#root, path, (place) => {
      const content = readContent(place, MAX_FILE_BYTES);
      const decoded = textOf(content, place);
      const changedMeanwhile = this.#known.isAnother(place.path, content);
      const { text, lines, changed, replaced } = applyEdits(decoded.text, edits);
      const bytes = encoded(text, decoded.encoding, place.path);
      const answer = { path: place.path, replaced, changedMeanwhile, parts: partsOf(lines, changed) };
      if (dryRun) return { ...answer, now: null };
      refuseFixed(place);
      this.#leftovers.sweep(place.parent);
      const mode = writeContent(place, bytes);
      const sha256 = sha256Of(bytes);
      this.#known.remember(place.path, { sha256, size: bytes.length }, () => text);
      return { ...answer, now: { sha256, mode, size: bytes.length } };
    });
  }

  /** How a file that is replaced as a whole is written: as it is, when what it holds is known. */
  #encodingForAll(place: Place): Encoding {
    const content = readContent(place, MAX_FILE_BYTES);
    const decoded = decode(content.bytes);
    this.#known.refuseUnknown(place.path, content, decoded);
    return decoded?.encoding ?? { name: 'utf8', mark: Buffer.alloc(0) };
  }

  #makeFoldersAbove(path: string): readonly string[] {
    const folder = posix.dirname(posix.normalize(path));
    const missing: string[] = [];
    for (
      let above = folder;
      above.length > pathOf(this.#root).length && !this.#isThere(above);
      above = posix.dirname(above)
    ) {
      missing.unshift(above);
    }
    for (const name of missing)
      atPlace(this.#root, name, (place) => {
        refuseFixed(place);
        mkdirSync(inFolder(place.parent, place.name));
      });
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

const digestOf = ({ sha256, bytes }: Content) => ({ sha256, size: bytes.length });

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

const nameOf = ({ name, mark }: Encoding): string =>
  mark.length > 0 ? `${name} with a byte order mark` : name;

const AROUND = 2;

const partsOf = (lines: TextLines, changed: Edited['changed']): readonly Part[] =>
  changed.map(({ from, to }) => ({
    from: Math.max(1, from - AROUND),
    lines: lines.between(from - AROUND, to + AROUND),
  }));

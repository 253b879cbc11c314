import { closeSync, mkdirSync } from 'node:fs';
import { posix } from 'node:path';
import { BegunWrite, Content, type Contents } from './begun-write.ts';
import { contentOf, openContent, readContent, sha256Of, type OpenFile } from './content.ts';
import { applyEdits, type Edit } from './edit.ts';
import { applyToBytes } from './edit-bytes.ts';
import { decode, type Decoded, type Encoding } from './encoding.ts';
import { FileError } from './file-error.ts';
import { encoded, linesOf, partsOf, textOf, type Part, type TextAnswer, type Wanted } from './file-text.ts';
import { KnownTexts } from './known-texts.ts';
import { Leftovers } from './leftovers.ts';
import { atPlace, inFolder, pathOf, refuseFixed, type Place, type Root } from './place.ts';

const MIB = 1024 ** 2;
const MAX_FILE_BYTES = 64 * MIB;

/** A file that is to be changed. */
interface Changed {
  readonly path: string;
  /** Where the path may lead; anywhere, unless told. */
  readonly at?: string | undefined;
}

export interface WriteRequest extends Changed {
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

export interface ReadRequest extends Wanted {
  readonly path: string;
}

export interface EditRequest extends Changed {
  readonly edits: readonly Edit[];
}

/** A change of which nobody sees anything yet. */
export interface Begun<T> {
  /**
   * Makes it seen; the disk holds it then.
   *
   * @param kept - hash of what was there before, where that is known to somebody who could give it back
   * @throws FileError `changed_meanwhile` when that is not what is there; nothing is changed then
   */
  finish(kept?: string): Promise<T>;
  discard(): void;
}

interface NewContents extends Contents {
  readonly text: () => string;
  /** Whether this session has seen all of it. */
  readonly isKnown: () => boolean;
}

/** What becomes of a file by edits. */
interface Applied extends Contents {
  readonly text: () => string;
  readonly before: Content;
  readonly answer: Omit<EditAnswer, 'now' | 'changedMeanwhile'>;
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
  read(request: ReadRequest): TextAnswer {
    const file = this.open(request.path);
    try {
      return this.lines(file, request);
    } finally {
      closeSync(file.fd);
    }
  }

  /** Lines of an open file. @throws FileError */
  lines(file: OpenFile, request: Wanted): TextAnswer {
    return linesOf(this.text(file), file, request);
  }

  /** The text of an open file, as a whole. @throws FileError */
  text(file: OpenFile): Decoded {
    const bytes = this.bytes(file);
    const decoded = textOf(bytes, file);
    const digest = { sha256: sha256Of(bytes), size: bytes.length };
    this.#known.remember(file.path, digest, () => decoded.text);
    return decoded;
  }

  /** @throws FileError */
  bytes(file: OpenFile): Buffer {
    return contentOf(file, MAX_FILE_BYTES);
  }

  /** Opens a plain file, which the caller closes. @throws FileError */
  open(path: string): OpenFile {
    return atPlace(this.#root, path, openContent);
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
  write({ content, ...changed }: WriteRequest): Begun<WriteAnswer> {
    const { path } = changed;
    // a folder is made when it is known what was there
    if (!this.#isThere(posix.dirname(posix.normalize(path)))) {
      refuseElsewhere(this.real(changed), changed);
      return this.#later(path, content);
    }
    return atPlace(this.#root, path, (place) => {
      refuseElsewhere(place, changed);
      return this.#written(place, content);
    });
  }

  /** @throws FileError; the file is as it was then */
  edit(request: EditRequest): Begun<EditAnswer> {
    return atPlace(this.#root, request.path, (place) => {
      refuseElsewhere(place, request);
      const applied = this.#edited(place, request);
      // what else it holds may never have been seen
      const isKnown = (): boolean => this.#known.isKnown(place.path, applied.before);
      return this.#begin(place, { ...applied, isKnown }, (now) => this.#answer(applied, now));
    });
  }

  /** What an edit would be. @throws FileError */
  tryEdit(request: EditRequest): EditAnswer {
    return atPlace(this.#root, request.path, (place) => this.#answer(this.#edited(place, request), null));
  }

  #answer({ answer, before }: Applied, now: FileNow | null): EditAnswer {
    return { ...answer, changedMeanwhile: this.#known.isAnother(answer.path, before), now };
  }

  #edited(place: Place, { edits }: EditRequest): Applied {
    const before = this.#contentOf(place);
    const { path } = place;
    const plain = applyToBytes(before.bytes, edits);
    if (plain !== null) {
      const { bytes, replaced, parts } = plain;
      const text = (): string => bytes.toString('latin1');
      return { before, bytes, text, answer: { path, replaced, parts } };
    }
    const decoded = textOf(before.bytes, place);
    const { text, lines, changed, replaced } = applyEdits(decoded.text, edits);
    const isAscii = decoded.isAscii && edits.every((edit) => ASCII.test(edit.new_string));
    const bytes = encoded({ ...decoded, text, isAscii }, path);
    const answer = { path, replaced, parts: partsOf(lines, changed) };
    return { before, bytes, text: () => text, answer };
  }

  #written(place: Place, content: Buffer): Begun<WriteAnswer> {
    const before = place.stat === null ? null : this.#contentOf(place);
    const encoding = before === null ? PLAIN : this.#encodingForAll(place, before);
    const isAsGiven = encoding.name === 'utf8' && encoding.mark.length === 0;
    const text = (): string => content.toString('utf8');
    const bytes = isAsGiven ? content : encoded({ text: text(), encoding, isAscii: false }, place.path);
    const { path } = place;
    return this.#begin(place, { bytes, before, text, isKnown: () => true }, (now) => ({
      ...{ path, bytes: now.size, created: before === null, folders: [], now },
    }));
  }

  #later(path: string, content: Buffer): Begun<WriteAnswer> {
    return {
      finish: async (kept) => {
        const folders = this.#makeFoldersAbove(path);
        return { ...(await this.write({ path, content }).finish(kept)), folders };
      },
      discard: () => undefined,
    };
  }

  #begin<T>(
    place: Place,
    { text, bytes, before, isKnown }: NewContents,
    answer: (now: FileNow) => T,
  ): Begun<T> {
    refuseFixed(place);
    this.#leftovers.sweep(place.parent);
    const begun = new BegunWrite(place, { bytes, before });
    // while the disk is busy with it, as what was there is looked at for an answer
    const now = { sha256: sha256Of(bytes), mode: begun.mode, size: bytes.length };
    const answered = answer(now);
    const isAllKnown = isKnown();
    return {
      finish: async (kept) => {
        await begun.finish(kept);
        if (isAllKnown) this.#known.remember(place.path, now, text);
        return answered;
      },
      discard: () => begun.discard(),
    };
  }

  #contentOf(place: Place): Content {
    return new Content(readContent(place, MAX_FILE_BYTES));
  }

  /** How a file that is replaced as a whole is written: as it is, when what it holds is known. */
  #encodingForAll({ path }: Place, before: Content): Encoding {
    const decoded = decode(before.bytes);
    this.#known.refuseUnknown(path, before.sha256, decoded);
    return decoded?.encoding ?? PLAIN;
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

/** @throws FileError `leads_elsewhere` */
function refuseElsewhere({ path: real }: { readonly path: string }, { path, at = real }: Changed): void {
  if (real === at) return;
  throw new FileError('leads_elsewhere', `${path} leads to ${real}`, {
    hint: 'Somebody else works there: try again.',
  });
}

const PLAIN: Encoding = { name: 'utf8', mark: Buffer.alloc(0) };
const ASCII = /^[\0-\x7f]*$/;

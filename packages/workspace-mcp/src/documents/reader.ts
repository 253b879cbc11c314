import { closeSync } from 'node:fs';
import { posix } from 'node:path';
import { headOf, type OpenFile } from '../files/content.ts';
import { FileError } from '../files/file-error.ts';
import { linesOf, type TextAnswer } from '../files/file-text.ts';
import type { Files, ReadRequest } from '../files/files.ts';
import { pictureType } from '../files/picture-type.ts';
import { shownCells, type ShownCell } from './shown-cells.ts';
import { pdfPages, pdfText, type PdfFile } from './pdf.ts';
import type { OfferedPicture, Picture } from './picture.ts';

/** A part of a text, of a PDF's text or of a notebook, or pictures: of a file or of the pages of a PDF. */
export type ReadAnswer =
  | TextAnswer
  | {
      readonly kind: 'document';
      readonly path: string;
      readonly lines: readonly string[];
      readonly from: number;
      readonly total: number;
      readonly pages: number;
      /** Number of the line with which each page begins, from 1. */
      readonly begins: readonly number[];
    }
  | {
      readonly kind: 'notebook';
      readonly path: string;
      readonly cells: readonly ShownCell[];
      /** Number of the first of them, from 1. */
      readonly from: number;
      readonly total: number;
    }
  | { readonly kind: 'pictures'; readonly path: string; readonly pictures: readonly Picture[] };

export interface AnyReadRequest extends ReadRequest {
  /** Of a PDF, to be shown: 3 or 2-5. */
  readonly pages?: string | undefined;
}

const MAX_MS = 20_000;

/** Reads files of every kind that a model can make something of. What only some need is loaded for them. */
export class Reader {
  readonly #files: Files;
  readonly #pictures: string | null;

  /** @param pictures - the program for them; `null` where no sandbox keeps in what they do to one that reads them */
  constructor(files: Files, pictures: string | null) {
    this.#files = files;
    this.#pictures = pictures;
  }

  /** @throws FileError */
  async read(request: AnyReadRequest): Promise<ReadAnswer> {
    const file = this.#files.open(request.path);
    try {
      const kind = kindOf(file);
      if (request.pages !== undefined && kind !== 'pdf') throw noPages(file.path);
      return kind === 'text' ? this.#files.lines(file, request) : await this.#document(kind, file, request);
    } finally {
      closeSync(file.fd);
    }
  }

  async #document(kind: DocumentKind, file: OpenFile, request: AnyReadRequest): Promise<ReadAnswer> {
    const signal = AbortSignal.timeout(MAX_MS);
    try {
      switch (kind) {
        case 'pdf':
          return await this.#pdf({ ...file, signal }, request);
        case 'picture':
          return await this.#picture(file, signal);
        case 'notebook':
          return await this.#notebook(file, request, signal);
      }
    } catch (error) {
      throw signal.aborted ? tooSlow(file.path) : error;
    }
  }

  async #picture(file: OpenFile, signal: AbortSignal): Promise<ReadAnswer> {
    const { path } = file;
    const picture = await this.#shown({ bytes: this.#files.bytes(file), name: path, signal });
    return { kind: 'pictures', path, pictures: [picture] };
  }

  async #pdf(pdf: PdfFile, { offset = 1, limit = Infinity, pages }: AnyReadRequest): Promise<ReadAnswer> {
    const { path, signal } = pdf;
    if (this.#pictures === null) throw unconfined(path);
    if (pages !== undefined) {
      const pictures: Picture[] = [];
      for (const bytes of await pdfPages(pdf, pages)) {
        pictures.push(await this.#shown({ bytes, name: path, signal }));
      }
      return { kind: 'pictures', path, pictures };
    }
    const text = await pdfText(pdf);
    const from = startOf(offset, text.lines.length);
    const lines = text.lines.slice(from - 1, from - 1 + limit);
    return { ...text, kind: 'document', path, from, lines, total: text.lines.length };
  }

  async #shown(picture: OfferedPicture): Promise<Picture> {
    if (this.#pictures === null) throw unconfined(picture.name);
    const { shownPicture } = await import('./picture.ts');
    return shownPicture(this.#pictures, picture);
  }

  async #notebook(file: OpenFile, request: AnyReadRequest, signal: AbortSignal): Promise<ReadAnswer> {
    const { path } = file;
    const decoded = this.#files.text(file);
    const { cellsOf } = await import('./notebook.ts');
    const cells = cellsOf(decoded.text);
    if (cells === null) return linesOf(decoded, file, request);
    const { offset = 1, limit = Infinity } = request;
    const from = startOf(offset, cells.length);
    const wanted = cells.slice(from - 1, from - 1 + limit);
    const shown = await shownCells(wanted, (bytes) => this.#shown({ bytes, name: path, signal }));
    return { kind: 'notebook', path, cells: shown, from, total: cells.length };
  }
}

type DocumentKind = 'pdf' | 'picture' | 'notebook';

function kindOf(file: OpenFile): DocumentKind | 'text' {
  const head = headOf(file);
  if (head.toString('latin1').startsWith('%PDF-')) return 'pdf';
  if (pictureType(head) !== null) return 'picture';
  return posix.extname(file.path) === '.ipynb' ? 'notebook' : 'text';
}

const startOf = (offset: number, total: number): number => (total === 0 ? 1 : Math.max(offset, 1));

const unconfined = (path: string): FileError =>
  new FileError(
    'needs_sandbox',
    `${path} is read by a program that is only run in a sandbox, and there is none`,
    {
      hint: 'Tell the person: without --sandbox files-only it is read.',
    },
  );

const noPages = (path: string): FileError =>
  new FileError('bad_pages', `${path} is no PDF, and has no pages`, { hint: 'Read it without pages.' });

const tooSlow = (path: string): FileError =>
  new FileError('bad_document', `${path} took longer than ${MAX_MS / 1_000} s to be read`, {
    hint: 'Ask for fewer pages, or look at it with Bash.',
  });

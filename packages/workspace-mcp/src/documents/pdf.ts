import { FileError } from '../files/file-error.ts';
import { PICTURE } from '../files/picture-type.ts';
import { GIVEN_FILE, runLimited, type Outcome } from './program.ts';

/** A PDF that is open: its descriptor, and how it is called. */
export interface PdfFile {
  readonly fd: number;
  readonly path: string;
  readonly signal: AbortSignal;
}

/** Words of a PDF, as they stand on its pages. */
export interface PdfText {
  readonly lines: readonly string[];
  /** Number of the line with which each page begins, from 1. */
  readonly begins: readonly number[];
  readonly pages: number;
}

const MAX_TEXT_BYTES = 4_000_000;
const MAX_ABOUT_BYTES = 100_000;
const MAX_PAGES = 10;
const SCALE = ['-scale-to', `${PICTURE.edge}`];

/** @throws FileError `bad_document` or `no_program` */
export async function pdfText(pdf: PdfFile): Promise<PdfText> {
  const pages = await pagesOf(pdf);
  const { output } = accepted(
    pdf,
    await run(pdf, ['pdftotext', '-layout', '-enc', 'UTF-8', GIVEN_FILE, '-']),
  );
  const lines: string[] = [];
  const begins: number[] = [];
  for (const page of output.toString('utf8').replace(/\f$/, '').split('\f')) {
    begins.push(lines.length + 1);
    lines.push(...linesOfPage(page));
  }
  return { lines, begins, pages };
}

/** Pages as JPEG pictures. @throws FileError `bad_pages`, `bad_document` or `no_program` */
export async function pdfPages(pdf: PdfFile, wanted: string): Promise<readonly Buffer[]> {
  const pages = await pagesOf(pdf);
  const [first = 0, last = first] = wanted.split('-').map(Number);
  if (!(first >= 1 && first <= last && last <= pages && last - first < MAX_PAGES)) {
    throw new FileError('bad_pages', `${pdf.path} has ${pages} pages, and ${wanted} cannot be shown`, {
      hint: `Ask for a page, such as 1, or at most ${MAX_PAGES} of them, such as 1-${Math.min(pages, MAX_PAGES)}.`,
    });
  }
  const shown: Buffer[] = [];
  for (let page = first; page <= last; page += 1) {
    const which = ['-f', `${page}`, '-l', `${page}`];
    const { output, isCut } = await run(pdf, ['pdftoppm', '-jpeg', ...SCALE, ...which, GIVEN_FILE]);
    if (isCut || output.length === 0) throw broken(pdf);
    shown.push(output);
  }
  return shown;
}

const run = ({ fd, signal }: PdfFile, command: readonly [string, ...string[]]): Promise<Outcome> =>
  runLimited(command, { file: fd, signal, maxBytes: MAX_TEXT_BYTES });

async function pagesOf(pdf: PdfFile): Promise<number> {
  const { fd, signal } = pdf;
  const about = await runLimited(['pdfinfo', GIVEN_FILE], { file: fd, signal, maxBytes: MAX_ABOUT_BYTES });
  const words = accepted(pdf, about).output.toString('utf8');
  // the last one: a title may look like it
  const pages = Number([...words.matchAll(/^Pages:\s+(\d+)$/gm)].at(-1)?.[1]);
  if (!(pages > 0)) throw broken(pdf);
  return pages;
}

function accepted(pdf: PdfFile, outcome: Outcome): Outcome {
  if (outcome.exitCode === 0 || outcome.isCut) return outcome;
  throw broken(pdf);
}

const broken = ({ path }: PdfFile): FileError =>
  new FileError('bad_document', `${path} cannot be read: it is broken, locked, or too much work`, {
    hint: 'Ask for fewer pages, or for a copy without a password.',
  });

/** Without the room at its end, and with one empty line where there are several. */
function linesOfPage(page: string): readonly string[] {
  const lines = page.split('\n').map((line) => line.trimEnd());
  return lines.filter(
    (line, index) => line !== '' || (lines[index - 1] !== '' && index > 0 && index < lines.length - 1),
  );
}

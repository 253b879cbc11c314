import { FURTHER_PARTS, MAIN_PARTS, type Part } from './cast.ts';
import type { CellResult } from './run-drill.ts';

/** A whole drill. */
export interface DrillReport {
  readonly desktop: string;
  readonly results: readonly CellResult[];
  /** Tools that the server offers and nobody wrote how to try. */
  readonly uncovered: readonly string[];
  readonly pictures: readonly Picture[];
  readonly seconds: number;
}

export interface Picture {
  readonly title: string;
  readonly mimeType: string;
  /** Base64. */
  readonly data: string;
}

export const isWrong = ({ wrong }: CellResult): boolean => wrong.length > 0;

export const isAllRight = ({ results, uncovered }: DrillReport): boolean =>
  uncovered.length === 0 && !results.some(isWrong);

const wordFor = (result: CellResult | undefined): string => {
  if (result === undefined) return '';
  if (isWrong(result)) return 'WRONG';
  if (result.isLacking) return 'lacks';
  return result.expected === 'ok' ? 'ok' : 'no';
};

export const lacksAny = ({ results }: DrillReport): boolean => results.some(({ isLacking }) => isLacking);

/** The cells of one use with one stand, as a line of a table. */
export interface TableLine {
  readonly use: string;
  readonly stand: string;
  readonly words: readonly string[];
}

export interface Table {
  readonly parts: readonly Part[];
  readonly lines: readonly TableLine[];
}

export function tablesOf(results: readonly CellResult[]): readonly Table[] {
  return [MAIN_PARTS, FURTHER_PARTS]
    .map((parts) => ({
      parts,
      lines: linesOf(
        results.filter(({ cell }) => parts.includes(cell.part)),
        parts,
      ),
    }))
    .filter(({ lines }) => lines.length > 0);
}

function linesOf(results: readonly CellResult[], parts: readonly Part[]): readonly TableLine[] {
  const keyOf = ({ cell }: CellResult): string => `${cell.row.use}\n${cell.stand}`;
  return [...new Set(results.map(keyOf))].map((key) => {
    const own = results.filter((result) => keyOf(result) === key);
    const [use = '', stand = ''] = key.split('\n');
    return {
      use,
      stand: stand === 'frontmost' ? 'in front' : 'aimed at',
      words: parts.map((part) => wordFor(own.find(({ cell }) => cell.part === part))),
    };
  });
}

function textTable({ parts, lines }: Table): string {
  const head = ['', '', ...parts.map(({ name }) => name)];
  const rows = lines.map(({ use, stand, words }, index) => [
    lines[index - 1]?.use === use ? '' : use,
    stand,
    ...words,
  ]);
  const widths = head.map((text, column) =>
    Math.max(text.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  return [head, ...rows]
    .map((row) =>
      row
        .map((text, column) => text.padEnd((widths[column] ?? 0) + 2))
        .join('')
        .trimEnd(),
    )
    .join('\n');
}

export const wrongLines = ({ results, uncovered }: DrillReport): readonly string[] => [
  ...results.filter(isWrong).map(({ name, wrong }) => `WRONG ${name}: ${wrong.join('; ')}`),
  ...uncovered.map((tool) => `WRONG ${tool}: the server offers it, and nobody wrote how to try it`),
];

/** One sentence on all of it. */
export function summaryOf(report: DrillReport): string {
  const { results, seconds, desktop } = report;
  const wrong = wrongLines(report).length;
  const verdict = wrong === 0 ? 'all as they must be' : `${wrong} WRONG`;
  return `${results.length} cells on ${desktop} in ${seconds.toFixed(0)} s: ${verdict}`;
}

/** What a person reads in the terminal. */
export const textReport = (report: DrillReport): string =>
  [
    ...tablesOf(report.results).map(textTable),
    `ok: done. no: refused, as it must be.${lacksAny(report) ? ' lacks: this desktop does not have it.' : ''}`,
    [...wrongLines(report), `${summaryOf(report)}.`].join('\n'),
  ].join('\n\n');

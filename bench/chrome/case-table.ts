import type { Outcome } from '@deskhand/tests/browser/run-case';
import { OURS } from '../contest.ts';
import { summaryOf } from '../statistics.ts';
import type { Sheet } from './case-bench.ts';

/** What each outcome is called in the table. */
const OUTCOMES: Readonly<Record<Outcome, string>> = {
  pass: 'passed',
  refused: 'failed, and said so',
  'false success': 'said that it was done, and it was not',
  wrong: 'left something out, or failed without an error',
  'no answer': 'did not answer in time',
  'not offered': 'has no tool for it',
};

type Row = readonly string[];

const count = ({ verdicts }: Sheet, outcome: Outcome): number =>
  [...verdicts.values()].filter((verdict) => verdict.outcome === outcome).length;

/** The cases that all of them passed, so that times and sizes are of the same. */
function shared(sheets: readonly Sheet[]): readonly string[] {
  const names = [...(sheets[0]?.verdicts.keys() ?? [])];
  return names.filter((name) => sheets.every(({ verdicts }) => verdicts.get(name)?.outcome === 'pass'));
}

const medianOf = ({ verdicts }: Sheet, names: readonly string[], of: 'ms' | 'bytes'): string =>
  summaryOf(names.map((name) => verdicts.get(name)?.[of] ?? 0)).median.toFixed(0);

/** Verdicts by server, in Markdown. */
export function caseTableOf(sheets: readonly Sheet[]): string {
  const both = shared(sheets);
  const outcomes = Object.keys(OUTCOMES).filter(isOutcome);
  const rows: readonly Row[] = [
    [`of ${sheets[0]?.verdicts.size ?? 0} cases`, ...sheets.map(({ name }) => name)],
    ...outcomes.map((outcome) => [
      OUTCOMES[outcome],
      ...sheets.map((sheet) => String(count(sheet, outcome))),
    ]),
    [
      `ms a case, of the ${both.length} that all passed`,
      ...sheets.map((sheet) => medianOf(sheet, both, 'ms')),
    ],
    ['bytes a case, of the same', ...sheets.map((sheet) => medianOf(sheet, both, 'bytes'))],
    [
      'ms that a script in one tab takes while another tab hangs',
      ...sheets.map(({ patience }) => patience?.toFixed(0) ?? 'no answer'),
    ],
  ];
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const line = (row: Row): string =>
    `| ${row.map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0))).join(' | ')} |`;
  const rule = `| ${widths.map((width, column) => (column === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`)).join(' | ')} |`;
  const [head = [], ...body] = rows.map(line);
  return [head, rule, ...body].join('\n');
}

const isOutcome = (name: string): name is Outcome => name in OUTCOMES;

/** What did not pass, by server. */
export const failuresOf = (sheets: readonly Sheet[]): string =>
  sheets
    .flatMap(({ name, verdicts }) =>
      [...verdicts]
        .filter(([, { outcome }]) => outcome !== 'pass')
        .map(([one, { outcome }]) => `${name === OURS ? '! ' : ''}${name}: ${outcome}: ${one}`),
    )
    .join('\n');

/** As JSON keeps it. */
export const plainSheet = ({ name, verdicts, patience }: Sheet): object => ({
  ...{ name, patience },
  cases: Object.fromEntries(verdicts),
});

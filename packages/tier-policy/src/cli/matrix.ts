import { tierOfClass, type AppClass } from '../app-class.ts';
import { appKey } from '../classify.ts';
import { decide } from '../decide.ts';
import type { Action, AppGrant, ReasonCode } from '../decision.ts';
import { mayShow } from '../judge.ts';
import { DEFAULT_POLICY } from '../policy.ts';
import type { Subject } from '../subject.ts';
import type { Tier } from '../tier.ts';
import { TOOL_NAMES, TOOL_NEEDS, type Judged } from '../tool-needs.ts';
import { htmlMatrix } from './matrix-html.ts';
import { columns, json } from './outcome.ts';
import { SAMPLE_APPS, type SampleApp } from './sample-apps.ts';

/** `hidden`: the tool works, and the application is blacked out in what it shows. */
export type CellResult = 'allowed' | 'hidden' | ReasonCode;

export interface MatrixCell {
  readonly class: AppClass;
  readonly result: CellResult;
}

export interface MatrixRow {
  readonly tool: string;
  readonly needed: Tier;
  readonly judged: Judged;
  readonly cells: readonly MatrixCell[];
}

export interface MatrixColumn {
  readonly class: AppClass;
  readonly tier: Tier;
}

export interface Matrix {
  readonly columns: readonly MatrixColumn[];
  readonly rows: readonly MatrixRow[];
}

export const MATRIX_FORMATS = ['text', 'csv', 'json', 'html'] as const;

export type MatrixFormat = (typeof MATRIX_FORMATS)[number];

/** Everything that a person could allow, so that only the class decides. */
const grantsFor = (subject: Subject): readonly AppGrant[] => {
  if (subject.kind === 'unknown') return [];
  const key = appKey(subject.app);
  const flags = { clipboardRead: true, clipboardWrite: true, systemKeyCombos: true };
  const own: readonly AppGrant[] = key === null ? [] : [{ app: key, decision: 'allow', flags }];
  return subject.parent === undefined ? own : [...own, ...grantsFor(subject.parent)];
};

const cellOf = (action: Action, sample: SampleApp): CellResult => {
  const { subject } = sample;
  const grants = grantsFor(subject);
  if (TOOL_NEEDS[action.tool].judged === 'screen') {
    return mayShow(subject, grants, DEFAULT_POLICY) ? 'allowed' : 'hidden';
  }
  return decide({ action, frontmost: subject, recipient: subject, grants, policy: DEFAULT_POLICY }).code;
};

const rowOf = (action: Action): MatrixRow => {
  const { tier, judged } = TOOL_NEEDS[action.tool];
  return {
    tool: action.withModifiers === true ? `${action.tool} with modifiers` : action.tool,
    needed: action.withModifiers === true ? 'full' : tier,
    judged,
    cells: SAMPLE_APPS.map((sample) => ({ class: sample.class, result: cellOf(action, sample) })),
  };
};

const actionsOf = (tool: Action['tool']): Action[] => {
  const { tier, judged } = TOOL_NEEDS[tool];
  if (judged === 'keyboard') return [{ tool, combos: [{ modifiers: [], key: 'Return' }] }];
  return judged === 'pointer' && tier === 'click' ? [{ tool }, { tool, withModifiers: true }] : [{ tool }];
};

/** Every tool against a granted application of every class, in front and as the recipient. */
const matrix = (): Matrix => ({
  columns: SAMPLE_APPS.map((sample) => ({ class: sample.class, tier: tierOfClass(sample.class) })),
  rows: TOOL_NAMES.flatMap(actionsOf).map(rowOf),
});

const MARKS: Readonly<Partial<Record<CellResult, string>>> = { allowed: 'yes', hidden: 'hidden' };

const textMatrix = ({ columns: heads, rows }: Matrix): string =>
  columns([
    ['tool', 'needs', ...heads.map((head) => head.class)],
    ['', '', ...heads.map((head) => head.tier)],
    ...rows.map((row) => [row.tool, row.needed, ...row.cells.map((cell) => MARKS[cell.result] ?? '-')]),
  ]);

const csvMatrix = ({ rows }: Matrix): string =>
  [
    'tool,needs,judged,class,result',
    ...rows.flatMap((row) =>
      row.cells.map((cell) => [row.tool, row.needed, row.judged, cell.class, cell.result].join(',')),
    ),
  ].join('\n');

/** The matrix in one of its formats. */
export const renderMatrix = (format: MatrixFormat): string => {
  const table = matrix();
  switch (format) {
    case 'text':
      return textMatrix(table);
    case 'csv':
      return csvMatrix(table);
    case 'json':
      return json(table);
    case 'html':
      return htmlMatrix(table);
  }
};

import { defineTool, quoted, ToolError, untrustedAnswer, type Tool } from '@deskhand/server-runtime';
import { z } from 'zod';
import { nodeOf } from '../../actions/reach.ts';
import type { Frame } from '../../browser/frame.ts';
import type { PageScript } from '../../browser/page-script.ts';
import type { Tab } from '../../browser/tab.ts';
import { formatRef } from '../../core/ref.ts';
import type { BrowserSession } from '../../session.ts';
import { fitting } from '../answer-size.ts';
import { auditOf, auditOfLiving, impacts, type Audited, type Impact, type Violation } from './findings.ts';

/** Elements of one rule that are told. */
const MOST_NODES = 5;

/** Tags of the rules, by the names that the standards have. */
const STANDARDS = {
  'wcag-a': ['wcag2a', 'wcag21a'],
  'wcag-aa': ['wcag2a', 'wcag21a', 'wcag2aa', 'wcag21aa', 'wcag22aa'],
  'best-practice': ['best-practice'],
} as const;

export const accessibilityAudit = (session: BrowserSession, engine: PageScript): Tool =>
  defineTool({
    name: 'accessibility_audit',
    title: 'Accessibility audit',
    description:
      'Checks the page by the rules of axe-core, frames included: what breaks them, worst first, with refs and what mends it.',
    input: z.object({
      within: z.string().optional().describe('Only this ref'),
      standard: z.enum(['wcag-a', 'wcag-aa', 'best-practice']).optional().describe('Default: all rules'),
      impact: z.enum(impacts).default('minor').describe('This and worse'),
      tab: z.string().optional(),
    }),
    annotations: { readOnly: true, destructive: false, idempotent: true, openWorld: true },
    run: async ({ within, standard, impact, tab: id }, { signal }) => {
      const rules = standard === undefined ? null : STANDARDS[standard];
      const asked = { engine, within, rules };
      const { tab, found } = await session.inTab(
        id,
        async (used, inside) => ({ tab: used, found: await audit(used, asked, inside) }),
        { signal },
      );
      const worst = impacts.slice(0, impacts.indexOf(impact) + 1);
      const wanted = sorted(found.flatMap(({ frame, audited }) => rowsOf(frame, audited, worst)));
      const elements = wanted.reduce((sum, { violation }) => sum + violation.count, 0);
      const { lines, left } = fitting(wanted.flatMap(linesOf));
      const more = left === 0 ? [] : [`(${left} more lines do not fit: ask with within, standard or impact)`];
      const undecided = found.reduce((sum, { audited }) => sum + audited.undecided, 0);
      const head = `${tab.id}: ${elements} elements break ${wanted.length} rules; ${undecided} rules need a person's look`;
      return {
        text: untrustedAnswer(head, [...lines, ...more], { from: 'the page' }),
        structured: { elements, rules: wanted.map(({ violation }) => violation.id) },
      };
    },
  });

interface Asked {
  readonly engine: PageScript;
  readonly within: string | undefined;
  readonly rules: readonly string[] | null;
}

interface Found {
  readonly frame: Frame;
  readonly audited: Audited;
}

async function audit(
  tab: Tab,
  { engine, within, rules }: Asked,
  signal: AbortSignal,
): Promise<readonly Found[]> {
  if (within !== undefined) {
    const { frame, node } = nodeOf({ tab }, within);
    const request = { within: node, most: MOST_NODES, rules };
    const audited = await auditOf(frame, { engine, request, signal });
    if (audited !== null) return [{ frame, audited }];
    throw new ToolError('stale_ref', `${within} is gone`, { hint: 'Take a snapshot for new references.' });
  }
  const found: Found[] = [];
  for (const frame of tab.frames()) {
    const request = { within: null, most: MOST_NODES, rules };
    const audited = await auditOfLiving(frame, { engine, request, signal });
    if (audited !== null) found.push({ frame, audited });
  }
  return found;
}

interface Row {
  readonly frame: Frame;
  readonly violation: Violation;
}

const rowsOf = (frame: Frame, { violations }: Audited, worst: readonly Impact[]): readonly Row[] =>
  violations
    .filter((violation) => worst.includes(violation.impact ?? 'minor'))
    .map((violation) => ({ frame, violation }));

const sorted = (rows: readonly Row[]): readonly Row[] =>
  rows.toSorted((a, b) => rank(a.violation) - rank(b.violation) || b.violation.count - a.violation.count);

const rank = ({ impact }: Violation): number => impacts.indexOf(impact ?? 'minor');

function linesOf({ frame, violation }: Row): readonly string[] {
  const { id, impact, help, tags, count, nodes } = violation;
  const criteria = tags
    .filter((tag) => /^wcag\d{3,}$/.test(tag))
    .map((tag) => `${tag.slice(4, 5)}.${tag.slice(5, 6)}.${tag.slice(6)}`);
  const standard = criteria.length === 0 ? '' : ` (WCAG ${criteria.join(', ')})`;
  const where = frame.parent === null ? '' : ` in frame ${frame.ordinal}`;
  return [
    `${impact ?? 'minor'} ${id}${standard}${where}: ${help}; ${count} ${count === 1 ? 'element' : 'elements'}`,
    ...nodes.map(
      ({ ref, html, why }) =>
        `  ${formatRef({ frame: frame.ordinal, node: ref })} ${quoted(html, 120)}: ${quoted(why, 300)}`,
    ),
    ...(count > nodes.length ? [`  … and ${count - nodes.length} more`] : []),
  ];
}

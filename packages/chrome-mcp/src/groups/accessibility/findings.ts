import { z } from 'zod';
import { DocumentGone } from '../../browser/failure.ts';
import type { Frame } from '../../browser/frame.ts';
import type { PageScript } from '../../browser/page-script.ts';

/** The worst first. */
export const impacts = ['critical', 'serious', 'moderate', 'minor'] as const;
export type Impact = (typeof impacts)[number];

const violation = z.object({
  id: z.string(),
  impact: z.enum(impacts).nullable(),
  help: z.string(),
  tags: z.array(z.string()),
  count: z.number(),
  nodes: z.array(z.object({ ref: z.number(), html: z.string(), why: z.string() })),
});

const audited = z.object({ violations: z.array(violation), passed: z.number(), undecided: z.number() });

/** What a rule found in one frame. */
export type Violation = z.output<typeof violation>;
export type Audited = z.output<typeof audited>;

export interface AuditRequest {
  readonly within: number | null;
  /** Elements that are told of one rule in one frame. */
  readonly most: number;
  readonly rules: readonly string[] | null;
}

const HAS_ENGINE = `() => typeof axe === 'object'`;

/** Each frame is audited on its own, so that nothing has to pass between documents. */
const AUDIT = `async ({ within, most, rules }) => {
  const root = within === null ? document : deskhand.nodeOf(within);
  if (root === null) return null;
  const { violations, passes, incomplete } = await axe.run(root, {
    elementRef: true, iframes: false, resultTypes: ['violations'], preload: false,
    ...(rules !== null && { runOnly: { type: 'tag', values: rules } }),
  });
  const told = ({ element, html, failureSummary = '' }) => ({
    ref: deskhand.refOf(element ?? document.documentElement),
    html: html.slice(0, 200),
    why: failureSummary.split('\\n').slice(1, 3).join('; ').replace(/\\s+/g, ' ').trim().slice(0, 300),
  });
  return {
    violations: violations.map(({ id, impact, help, tags, nodes }) => ({
      id, impact: impact ?? null, help, tags, count: nodes.length, nodes: nodes.slice(0, most).map(told),
    })),
    passed: passes.length,
    undecided: incomplete.length,
  };
}`;

/** What an audit of a frame finds; `null` when the element it should be held to is gone. */
export async function auditOf(
  frame: Frame,
  {
    engine,
    request,
    signal,
  }: {
    readonly engine: PageScript;
    readonly request: AuditRequest;
    readonly signal: AbortSignal;
  },
): Promise<Audited | null> {
  const isThere = await frame.evaluate(HAS_ENGINE, null, { signal });
  if (isThere !== true) await frame.evaluate(`() => { ${engine.text}\n }`, null, { signal });
  return audited.nullable().parse(await frame.evaluate(AUDIT, request, { signal }));
}

/** A frame that went away meanwhile has nothing to find. */
export async function auditOfLiving(...args: Parameters<typeof auditOf>): Promise<Audited | null> {
  try {
    return await auditOf(...args);
  } catch (error) {
    if (error instanceof DocumentGone) return null;
    throw error;
  }
}

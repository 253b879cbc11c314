import { quoted } from '@deskhand/server-runtime';
import { formatRef } from '../../core/ref.ts';
import type { VitalElement, Vitals } from './vitals.ts';

/** Up to the first is good, above the second is poor. */
const LIMITS = {
  ttfb: [800, 1_800],
  fcp: [1_800, 3_000],
  lcp: [2_500, 4_000],
  cls: [0.1, 0.25],
  inp: [200, 500],
} as const;

/** The shortest interaction that is kept, in milliseconds. */
const KEPT_MS = 104;

const rated = (value: number, metric: keyof typeof LIMITS): string => {
  const [good, poor] = LIMITS[metric];
  return value <= good ? 'good' : value <= poor ? 'needs work' : 'poor';
};

const ms = (value: number): string => `${Math.round(value)} ms`;

const at = (element: VitalElement): string =>
  element === null
    ? ''
    : ` by ${quoted(`<${element.tag}>`, 60)} (${formatRef({ frame: 0, node: element.ref })})`;

const timed = (name: string, value: number | null, metric: 'ttfb' | 'fcp'): string =>
  value === null ? `${name} not known` : `${name} ${ms(value)} (${rated(value, metric)})`;

/** One line for each. */
export function vitalLines({ ttfb, fcp, lcp, cls, inp, longTasks }: Vitals): readonly string[] {
  const largest =
    lcp === null ? 'LCP not known' : `LCP ${ms(lcp.at)} (${rated(lcp.at, 'lcp')})${at(lcp.element)}`;
  const worst =
    cls.worstScore === 0
      ? ''
      : `; the largest, ${cls.worstScore.toFixed(3)}, moved${at(cls.worst).slice(3) || ' what is gone'}`;
  return [
    largest,
    `CLS ${cls.score.toFixed(3)} (${rated(cls.score, 'cls')}), ${cls.shifts} shifts${worst}`,
    interaction(inp),
    timed('FCP', fcp, 'fcp'),
    timed('TTFB', ttfb, 'ttfb'),
    `${longTasks.count} long tasks, which held the page up for ${ms(longTasks.blocked)}`,
  ];
}

function interaction({ interactions, longest, type, element }: Vitals['inp']): string {
  if (longest !== null) return `INP ${ms(longest)} (${rated(longest, 'inp')}), ${type}${at(element)}`;
  return interactions === 0 ? 'INP not known: nobody used the page' : `INP under ${KEPT_MS} ms (good)`;
}

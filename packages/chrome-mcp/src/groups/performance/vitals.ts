import { z } from 'zod';
import type { Tab } from '../../browser/tab.ts';

const element = z.object({ ref: z.number(), tag: z.string() }).nullable();

const vitals = z.object({
  /** Milliseconds since the page was asked for; `null` for what did not happen. */
  ttfb: z.number().nullable(),
  fcp: z.number().nullable(),
  lcp: z.object({ at: z.number(), element, url: z.string() }).nullable(),
  cls: z.object({ score: z.number(), shifts: z.number(), worst: element, worstScore: z.number() }),
  /** `longest`: of an interaction that took 104 ms or more, in milliseconds; shorter ones are not kept. */
  inp: z.object({ interactions: z.number(), longest: z.number().nullable(), type: z.string(), element }),
  longTasks: z.object({ count: z.number(), blocked: z.number() }),
});

export type Vitals = z.output<typeof vitals>;
export type VitalElement = z.output<typeof element>;

/** From what the browser keeps of a page for those who come late. */
const READ = `async () => {
  const kept = (type, options = {}) => {
    if (!PerformanceObserver.supportedEntryTypes.includes(type)) return [];
    const observer = new PerformanceObserver(() => undefined);
    observer.observe({ type, buffered: true, ...options });
    const entries = observer.takeRecords();
    observer.disconnect();
    return entries;
  };
  const named = (node) => {
    const element = node instanceof Text ? node.parentElement : node;
    return element instanceof Element && element.isConnected
      ? { ref: deskhand.refOf(element), tag: element.localName } : null;
  };
  const [navigation] = performance.getEntriesByType('navigation');
  const start = navigation?.activationStart ?? 0;
  const fcp = performance.getEntriesByName('first-contentful-paint')[0];
  const largest = kept('largest-contentful-paint').at(-1);
  const shifts = kept('layout-shift').filter((shift) => !shift.hadRecentInput);
  let score = 0, sum = 0, first = 0, last = 0;
  for (const { startTime, value } of shifts) {
    const goesOn = sum > 0 && startTime - last < 1000 && startTime - first < 5000;
    if (!goesOn) { sum = 0; first = startTime; }
    sum += value; last = startTime; score = Math.max(score, sum);
  }
  const worst = shifts.toSorted((a, b) => b.value - a.value)[0];
  const events = kept('event', { durationThreshold: 16 }).filter(({ interactionId }) => interactionId > 0);
  const slow = events.toSorted((a, b) => b.duration - a.duration)[0];
  const target = events.find((one) => one.interactionId === slow?.interactionId && one.target !== null)?.target;
  const tasks = kept('longtask');
  return {
    ttfb: navigation === undefined || navigation.responseStart === 0 ? null : navigation.responseStart - start,
    fcp: fcp === undefined ? null : fcp.startTime - start,
    lcp: largest === undefined ? null
      : { at: largest.startTime - start, element: named(largest.element), url: largest.url.slice(0, 200) },
    cls: { score, shifts: shifts.length, worst: named(worst?.sources[0]?.node ?? null), worstScore: worst?.value ?? 0 },
    inp: { interactions: performance.interactionCount ?? 0, longest: slow?.duration ?? null,
      type: slow?.name ?? '', element: named(target ?? null) },
    longTasks: { count: tasks.length, blocked: tasks.reduce((ms, { duration }) => ms + duration - 50, 0) },
  };
}`;

/** How the page did for somebody who opened and used it. */
export const vitalsOf = async ({ main }: Tab, signal: AbortSignal): Promise<Vitals> =>
  vitals.parse(await main.evaluate(READ, null, { signal }));

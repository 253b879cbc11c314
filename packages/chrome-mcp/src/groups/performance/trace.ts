import { z } from 'zod';

const MOST_LISTED = 5;
/** What takes longer holds up whoever uses the page, in milliseconds. */
const LONG_MS = 50;

const event = z.object({
  name: z.string(),
  ph: z.string(),
  pid: z.number(),
  tid: z.number(),
  /** Microseconds. */
  ts: z.number().default(0),
  dur: z.number().default(0),
  args: z
    .object({
      name: z.string().optional(),
      data: z
        .object({
          url: z.string(),
          functionName: z.string(),
          lineNumber: z.number(),
          requestId: z.string(),
          renderBlocking: z.string(),
          encodedDataLength: z.number(),
        })
        .partial()
        .optional(),
    })
    .optional()
    .catch(undefined),
});

type TraceEvent = z.output<typeof event>;

const trace = z.object({ traceEvents: z.array(z.unknown()) });

/** What a trace says beside the vitals, as the worst few of each kind. */
export interface TraceInsights {
  readonly events: number;
  /** Milliseconds from first to last event. */
  readonly length: number;
  readonly longTasks: readonly LongTask[];
  readonly longTaskCount: number;
  readonly blocking: readonly BlockingRequest[];
}

export interface LongTask {
  readonly ms: number;
  /** Milliseconds since the trace began. */
  readonly at: number;
  /** What took most of it, as `name url:line`. */
  readonly by: string;
}

export interface BlockingRequest {
  readonly url: string;
  readonly ms: number;
  readonly bytes: number;
}

/** Reads a trace of the browser. */
export function insightsOf(text: string): TraceInsights {
  const { traceEvents } = trace.parse(JSON.parse(text));
  const events = traceEvents.flatMap((one) => event.safeParse(one).data ?? []);
  const timed = events.filter(({ ts }) => ts > 0);
  const start = timed.reduce((first, { ts }) => Math.min(first, ts), Infinity);
  const end = timed.reduce((last, { ts, dur }) => Math.max(last, ts + dur), 0);
  const all = longTasksOf(timed, mainThreads(events), start);
  return {
    events: events.length,
    length: timed.length === 0 ? 0 : (end - start) / 1_000,
    longTasks: all.slice(0, MOST_LISTED),
    longTaskCount: all.length,
    blocking: blockingOf(timed).slice(0, MOST_LISTED),
  };
}

const threadOf = ({ pid, tid }: TraceEvent): string => `${pid}/${tid}`;

const mainThreads = (events: readonly TraceEvent[]): ReadonlySet<string> =>
  new Set(
    events
      .filter(({ name, args }) => name === 'thread_name' && args?.name === 'CrRendererMain')
      .map(threadOf),
  );

function longTasksOf(
  events: readonly TraceEvent[],
  threads: ReadonlySet<string>,
  start: number,
): readonly LongTask[] {
  const onMain = events.filter((one) => threads.has(threadOf(one)));
  const scripts = onMain.filter(({ name }) => name === 'EvaluateScript' || name === 'FunctionCall');
  return onMain
    .filter(({ name, dur }) => name === 'RunTask' && dur > LONG_MS * 1_000)
    .sort((a, b) => b.dur - a.dur)
    .map((task) => ({
      ms: task.dur / 1_000,
      at: (task.ts - start) / 1_000,
      by: culprit(task, scripts),
    }));
}

function culprit(task: TraceEvent, scripts: readonly TraceEvent[]): string {
  const within = scripts.filter(
    (one) => threadOf(one) === threadOf(task) && one.ts >= task.ts && one.ts + one.dur <= task.ts + task.dur,
  );
  const longest = within.toSorted((a, b) => b.dur - a.dur)[0]?.args?.data;
  if (longest === undefined) return 'the browser itself: style, layout, painting or parsing';
  const { functionName = '', url = '', lineNumber } = longest;
  const place = lineNumber === undefined ? url : `${url}:${lineNumber}`;
  return `${functionName === '' ? 'script' : functionName} ${place}`.trim();
}

function blockingOf(events: readonly TraceEvent[]): readonly BlockingRequest[] {
  const finished = new Map(
    events
      .filter(({ name }) => name === 'ResourceFinish')
      .map((one) => [one.args?.data?.requestId ?? '', one] as const),
  );
  return events
    .filter(
      ({ name, args }) =>
        name === 'ResourceSendRequest' &&
        /^(?:in_body_parser_)?blocking$/.test(args?.data?.renderBlocking ?? ''),
    )
    .map((sent) => {
      const end = finished.get(sent.args?.data?.requestId ?? '');
      return {
        url: sent.args?.data?.url ?? '',
        ms: end === undefined ? 0 : (end.ts - sent.ts) / 1_000,
        bytes: end?.args?.data?.encodedDataLength ?? 0,
      };
    })
    .sort((a, b) => b.ms - a.ms);
}

import { ToolError } from '@deskhand/server-runtime';
import type { Tab } from '../../browser/tab.ts';
import { CommandFailed, type CdpSession } from '../../cdp/connection.ts';

const CATEGORIES = [
  ...['devtools.timeline', 'disabled-by-default-devtools.timeline', 'blink.user_timing', 'loading'],
  ...['v8.execute', 'latencyInfo', '__metadata'],
];
/** How much is recorded, in kilobytes; then it stops. */
const BUFFER_KB = 100_000;
/** Bytes of one read. */
const CHUNK = 1_000_000;

/** The traces of a session: at most one at a time, which is the browser's own limit. */
export class Tracing {
  #tab: Tab | null = null;

  /** @throws ToolError when one is on already */
  async start(tab: Tab, signal: AbortSignal): Promise<void> {
    if (this.#tab !== null) throw running(this.#tab.id);
    const recordMode = 'recordUntilFull' as const;
    const categories = { excludedCategories: ['*'], includedCategories: CATEGORIES };
    const traceConfig = { recordMode, traceBufferSizeInKb: BUFFER_KB, ...categories };
    try {
      await tab.page.send('Tracing.start', { transferMode: 'ReturnAsStream', traceConfig }, { signal });
    } catch (error) {
      if (error instanceof CommandFailed && /already/i.test(error.message)) throw running('another session');
      throw error;
    }
    this.#tab = tab;
  }

  /** Ends it. @throws ToolError when none is on */
  async stop(signal: AbortSignal): Promise<{ readonly tab: Tab; readonly text: string }> {
    const tab = this.#tab;
    if (tab === null) {
      throw new ToolError('no_trace', 'No trace is on', {
        hint: 'Start one with performance_trace {"action": "start"}.',
      });
    }
    this.#tab = null;
    const stream = await ended(tab.page, signal);
    return { tab, text: await read(tab.page, { stream, signal }) };
  }

  /** Ends it without a file; what went away with its tab has ended. */
  forget(): void {
    this.#tab?.page.send('Tracing.end').catch(() => undefined);
    this.#tab = null;
  }
}

const running = (where: string): ToolError =>
  new ToolError('trace_running', `A trace is on already: ${where}`, {
    hint: 'Stop it with performance_trace {"action": "stop"}; a browser has one at a time.',
  });

async function ended(page: CdpSession, signal: AbortSignal): Promise<string> {
  let stop = (): void => undefined;
  const complete = new Promise<string>((resolve, reject) => {
    stop = page.on('Tracing.tracingComplete', ({ stream }) => resolve(stream ?? ''));
    signal.addEventListener('abort', () => reject(new Error('the trace did not end in time')));
  });
  try {
    const [stream] = await Promise.all([complete, page.send('Tracing.end', undefined, { signal })]);
    return stream;
  } finally {
    stop();
  }
}

async function read(
  page: CdpSession,
  { stream, signal }: { readonly stream: string; readonly signal: AbortSignal },
): Promise<string> {
  const parts: string[] = [];
  try {
    for (;;) {
      const { data, eof, base64Encoded } = await page.send(
        'IO.read',
        { handle: stream, size: CHUNK },
        { signal },
      );
      parts.push(base64Encoded === true ? Buffer.from(data, 'base64').toString('utf8') : data);
      if (eof) return parts.join('');
    }
  } finally {
    page.send('IO.close', { handle: stream }).catch(() => undefined); // its tab is gone
  }
}

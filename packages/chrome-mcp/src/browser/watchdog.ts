import type { CdpSession } from '../cdp/connection.ts';
import type { TimeUp } from './failure.ts';

/** How long a page that does nothing may take to answer. */
const ANSWER_MS = 500;
/** How long one whose script was ended may take. */
const RECOVER_MS = 1_500;
/** How long one that was being left may take, once that was stopped. */
const STAY_MS = 3_000;

/** Finds out why a call did not end in time, and ends the script that keeps the page from answering. */
export async function wake(page: CdpSession, isLeaving: boolean): Promise<TimeUp['page']> {
  // until it has left, the browser keeps all commands back from the page
  if (isLeaving) page.send('Page.stopLoading').catch(() => undefined);
  if (await answers(page, isLeaving ? STAY_MS : ANSWER_MS)) return isLeaving ? 'leaving' : 'answers';
  // is heard although the script runs
  page.send('Runtime.terminateExecution').catch(() => undefined);
  return (await answers(page, RECOVER_MS)) ? 'stopped' : 'deaf';
}

/** Whether a page does anything at all. */
export async function answers(page: CdpSession, ms: number): Promise<boolean> {
  try {
    await page.send('Runtime.evaluate', { expression: '1' }, { signal: AbortSignal.timeout(ms) });
    return true;
  } catch {
    return false; // no answer in time, or no page any more
  }
}

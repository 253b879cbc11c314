import { startDesktop, type Desktop } from '../lab/desktop.ts';
import { play } from './acts/play.ts';
import { liveTable, writeExpectations, type Output } from './live-table.ts';
import { machineFacts, type Fact } from './machine.ts';
import type { DemoOptions } from './options.ts';
import { attachToDisplay } from './person-display.ts';
import { reportHtml, writeReport } from './report.ts';
import { setStage } from './stage.ts';
import { Story } from './story.ts';

export interface Surroundings {
  readonly output: Output;
  /** Ends the demo early. */
  readonly signal: AbortSignal;
}

async function openDesktop({ display }: DemoOptions): Promise<Desktop> {
  return display === undefined ? startDesktop({ wm: 'openbox' }) : attachToDisplay(display);
}

async function perform(desktop: Desktop, story: Story, signal: AbortSignal): Promise<readonly Fact[]> {
  const [stage, machine] = await Promise.all([setStage(desktop, story, signal), machineFacts(desktop)]);
  await play(stage);
  return [['server', stage.server], ...machine];
}

/** Gives what `work` gives, or throws as soon as the signal does; what is left of the work then fails unheard. */
async function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const aborted = new Promise<never>((_, reject) => {
    const give = (): void => reject(new Error('the demo was interrupted'));
    if (signal.aborted) give();
    signal.addEventListener('abort', give, { once: true });
  });
  return Promise.race([work, aborted]);
}

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Plays everything, closes what it opened, and writes the report; gives whether all was as it should be. */
export async function runDemo(options: DemoOptions, { output, signal }: Surroundings): Promise<boolean> {
  const start = performance.now();
  const story = new Story(liveTable(output));
  let machine: readonly Fact[] = [];
  const desktop = await openDesktop(options);
  try {
    machine = await untilAborted(perform(desktop, story, signal), signal);
  } catch (error) {
    if (signal.aborted) return false;
    story.failure = reasonOf(error);
  } finally {
    await desktop.close();
  }
  const seconds = (performance.now() - start) / 1000;
  if (story.expectations.length > 0) writeExpectations(story.expectations, output);
  const file = await writeReport(options.report, reportHtml(story, { seconds, date: new Date(), machine }));
  writeVerdict(story, { output, seconds, file });
  return story.isGood;
}

interface Ending {
  readonly output: Output;
  readonly seconds: number;
  readonly file: string;
}

function writeVerdict({ failure, isGood, rows }: Story, { output, seconds, file }: Ending): void {
  const { paint, write } = output;
  if (failure !== undefined) write(`\n${paint('red', 'The demo ended early:')} ${failure.trim()}\n`);
  const verdict = isGood
    ? paint('green', 'Every expectation held')
    : paint('red', failure === undefined ? 'Not every expectation held' : 'Not every expectation was tried');
  write(`\n${verdict} (${rows.length} calls, ${seconds.toFixed(1)} s). Report: ${file}\n`);
}

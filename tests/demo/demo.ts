import { startDesktop, type Desktop } from '../lab/desktop.ts';
import { play } from './acts/play.ts';
import { job } from './job/job.ts';
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

/** One part of the demo, on a desktop that is as new. */
type Part = (desktop: Desktop) => Promise<readonly Fact[]>;

function partsOf({ model }: DemoOptions, story: Story, signal: AbortSignal): readonly Part[] {
  const shared = { model, signal };
  const done = { ...shared, title: '1  The job', recording: 'recording.json' };
  const killed = {
    ...shared,
    title: '2  The job, and the host is killed in the middle',
    recording: 'recording-killed.json',
    killAt: 'computer-use__type {"text":"2026',
  };
  const isRecorded = model.apiKey === null;
  return [
    async (desktop) => {
      const machine = await machineFacts(desktop);
      await job(desktop, story, done);
      return [['model', isRecorded ? 'recorded' : model.name], ...machine];
    },
    // where a model of today begins its typing is not known
    ...(isRecorded ? [async (desktop: Desktop) => job(desktop, story, killed).then(() => [])] : []),
    async (desktop) => {
      const stage = await setStage(desktop, story, signal);
      await play(stage);
      return [['server', stage.server]];
    },
  ];
}

async function perform(options: DemoOptions, story: Story, signal: AbortSignal): Promise<readonly Fact[]> {
  const facts: Fact[] = [];
  for (const part of partsOf(options, story, signal)) {
    const desktop = await openDesktop(options);
    try {
      facts.push(...(await untilAborted(part(desktop), signal)));
    } finally {
      await desktop.close();
    }
  }
  return facts;
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
  try {
    machine = await perform(options, story, signal);
  } catch (error) {
    if (signal.aborted) return false;
    story.failure = reasonOf(error);
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

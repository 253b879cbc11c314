import { DaySpending, dollars, effective, htmlOf, markdownOf } from '@deskhand/agent-host';
import { Option, type Command } from 'commander';
import type { CommandParts } from './command-parts.ts';
import { COST_KEYS, costRows, costText, type CostKey } from './cost.ts';
import { holderOf, runningDaemon } from './daemon-process.ts';
import { dailyLimit, positiveInteger } from './option-values.ts';
import { readId, summaries } from './session-reading.ts';
import { sessionsTable } from './sessions-table.ts';
import { shown } from './waiting.ts';

/** The commands about sessions that were. */
export function addSessions(program: Command, parts: CommandParts): void {
  addReading(program, parts);
  addBranching(program, parts);
  addEnding(program, parts);
  addMoney(program, parts);
}

function addReading(program: Command, { place, print }: CommandParts): void {
  program
    .command('sessions')
    .description('List the sessions')
    .option('--json', 'As JSON')
    .action(async ({ json }: { json?: boolean }) => {
      const here = place();
      const listed = (await runningDaemon(here))?.list();
      const [held = [], all] = await Promise.all([listed, summaries(here)]);
      print(sessionsTable(all, { held, isJson: json === true }));
    });
  program
    .command('export <session>')
    .description('Print a session as Markdown')
    .option('--html', 'As a page with its pictures, in which nothing runs')
    .action((name: string, { html }: { html?: boolean }) => {
      const here = place();
      const events = effective(here.sessions.read(readId(name, here)));
      const title = events[0]?.kind === 'started' ? events[0].title : name;
      print((html ? htmlOf : markdownOf)(title, events));
    });
}

function addBranching(program: Command, { place, print, context }: CommandParts): void {
  program
    .command('fork <session>')
    .description('Begin a new session that knows what this one knew')
    .option('--at <EVENT>', 'As it was after the event of this number', positiveInteger)
    .action(async (name: string, { at }: { at?: number }) => {
      const here = place();
      const session = await here.sessions.fork(readId(name, here), at);
      session.close();
      context.errors.write(`Go on with it: deskhand resume ${session.id} WORDS\n`);
      print(session.id);
    });
  program
    .command('rewind <session>')
    .argument('<event>', 'Its number', positiveInteger)
    .description('Take a session back to how it was after the event of this number')
    .action(async (name: string, event: number) => {
      const here = place();
      const session = await here.sessions.open(readId(name, here));
      try {
        session.rewind(event);
      } finally {
        session.close();
      }
      print(`Now as after event ${event}.`);
    });
}

const PARKS = 'Waiting for it to park';

function addEnding(program: Command, { place, print, context }: CommandParts): void {
  program
    .command('stop <session>')
    .description('Park a session that runs in another process')
    .action(async (name: string) => {
      const here = place();
      const id = here.sessions.find(name);
      const daemon = await holderOf(id, here);
      if (daemon === undefined) here.sessions.stop(id);
      else await shown(context, PARKS, daemon.stop(id));
      print(daemon === undefined ? `Told ${id} to stop.` : `Stopped ${id}.`);
    });
  program
    .command('delete <session>')
    .description('Delete a session and all that it kept')
    .action(async (name: string) => {
      const here = place();
      const id = here.sessions.find(name);
      await shown(context, PARKS, ((await holderOf(id, here)) ?? here.sessions).delete(id));
      print(`Deleted ${id}.`);
    });
}

function addMoney(program: Command, { place, print }: CommandParts): void {
  program
    .command('budget')
    .argument('[usd]', 'A number of US dollars, or none', dailyLimit)
    .description('What all sessions together may cost a day (UTC): a number of US dollars, or none')
    .action((usd: number | null | undefined) => print(budget(new DaySpending(place().home), usd)));
  program
    .command('cost')
    .description('What sessions cost')
    .addOption(new Option('--by <KEY>', 'Sum up by').choices(COST_KEYS).default('day'))
    .option('--json', 'As JSON')
    .action(async ({ by, json }: { by: CostKey; json?: boolean }) => {
      const rows = costRows(await summaries(place()), by);
      print(json ? JSON.stringify(rows) : costText(rows, by));
    });
}

function budget(day: DaySpending, usd: number | null | undefined): string {
  if (usd !== undefined) day.limit = usd;
  const spent = `Today $${dollars(day.spent(new Date()))} were spent or are reserved`;
  return day.limit === null ? `${spent}; there is no limit.` : `${spent}, of $${day.limit} a day.`;
}

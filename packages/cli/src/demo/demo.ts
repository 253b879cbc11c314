import { replay, startFakeMessages, type FakeMessages } from '@deskhand/fake-messages';
import { Sessions, type Stop } from '@deskhand/agent-host';
import { verifyFolder } from '@deskhand/run-ledger';
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EXIT, type Context } from '../context.ts';
import { costRows } from '../cost.ts';
import type { ModelOptions } from '../model-choice.ts';
import { requireSandbox } from '../tried-sandbox.ts';
import { beginTask, type Place, type RunOptions } from '../opened-session.ts';
import { CODES } from '../run.ts';
import { layInvoices, problemIn, TASK } from './invoices.ts';
import { RECORDING } from './recording.ts';

const HIGHEST_USD = 1;

/**
 * A small task, done for real in a folder of its own: invoices are added up in the sandbox. Without a key the words of
 * the model are recorded.
 *
 * @throws Refusal where there is no sandbox
 */
export async function demo(options: ModelOptions, context: Context): Promise<number> {
  const why = 'The demo runs its commands in a sandbox, and there is none here.';
  await requireSandbox(context, { why });
  const isRecorded = options.model === undefined && !context.env['ANTHROPIC_API_KEY'];
  const root = mkdtempSync(join(realpathSync(tmpdir()), 'deskhand-demo-'));
  const place = { folder: join(root, 'invoices'), home: join(root, 'state') };
  layInvoices(place.folder);
  const leaving = leavingOf(root, context);
  context.output.write(`${beginning(place.folder, isRecorded)}\n\n`);
  const api = isRecorded ? await startFakeMessages({ steps: replay(RECORDING) }) : null;
  try {
    const env = { ...context.env, ...keyOf(api), DESKHAND_HOME: place.home };
    const sessions = new Sessions(place.home);
    const task = { mode: 'accept-edits', servers: ['workspace'], maxUsd: HIGHEST_USD } as const;
    const stop = await ran(
      { ...options, ...task, mount: [`invoices=${place.folder}`] },
      { home: place.home, sessions, context: { ...leaving.context, env } },
    );
    if (stop.kind === 'parked') {
      leaving.clear();
      return CODES[stop.why];
    }
    return tellEnd({ ...place, root, sessions, isRecorded }, context);
  } finally {
    leaving.forget();
    await api?.close();
  }
}

async function ran(options: RunOptions, place: Place): Promise<Stop> {
  const { host, session, seen } = await beginTask(TASK, options, place);
  try {
    return await seen(session);
  } finally {
    session.close();
    await host.close();
  }
}

interface Leaving {
  /** For what is run: who leaves from there leaves nothing behind. */
  readonly context: Context;
  readonly clear: () => void;
  readonly forget: () => void;
}

/** A demo that was left cannot be gone on with, so that its folder goes. */
function leavingOf(root: string, context: Context): Leaving {
  let isParking = false;
  const clear = (): void => {
    rmSync(root, { recursive: true, force: true });
    context.errors.write('\nThis demo was left, and its folder removed. Again: deskhand demo\n');
  };
  const leave = (code: number): void => {
    clear();
    context.leave(code);
  };
  const onInterrupt: Context['onInterrupt'] = (hear) => {
    isParking = true;
    const forget = context.onInterrupt(hear);
    return () => {
      isParking = false;
      forget();
    };
  };
  const forget = context.onInterrupt(() => {
    if (!isParking) leave(EXIT.stopped);
  });
  return { context: { ...context, leave, onInterrupt }, clear, forget };
}

const keyOf = (api: FakeMessages | null): Readonly<Record<string, string>> =>
  api === null ? {} : { ANTHROPIC_API_KEY: 'recorded', ANTHROPIC_BASE_URL: api.url };

const beginning = (folder: string, isRecorded: boolean): string =>
  [
    isRecorded
      ? 'A rehearsal: the words of the model are recorded. The server, its sandbox, the files and the record are real.'
      : 'The model is a real one. It works on a folder that was made for this, and nothing else.',
    `Three invoices are in ${folder}; one of them tries to give the agent orders.`,
    `> ${TASK}`,
  ].join('\n');

interface End {
  readonly root: string;
  readonly folder: string;
  readonly home: string;
  readonly sessions: Sessions;
  readonly isRecorded: boolean;
}

function tellEnd({ root, folder, home, sessions, isRecorded }: End, { output }: Context): number {
  const problem = problemIn(folder);
  const { ok, rows } = verifyFolder(join(home, 'ledger'));
  const usd = costRows(sessions.list(), 'model').reduce((sum, row) => sum + (row.usd ?? 0), 0);
  const lines = {
    Files: problem ?? `right: cat ${join(folder, 'totals.csv')}`,
    Record: `${rows} rows, ${ok ? 'none changed' : 'broken'}: DESKHAND_HOME=${home} deskhand ledger verify`,
    Session: `DESKHAND_HOME=${home} deskhand export last --html > session.html`,
    Cost: `$${usd.toFixed(4)}${isRecorded ? ' if a model of today had said it; nothing was spent' : ''}`,
    Remove: `rm -r ${root}`,
  };
  const told = Object.entries(lines).map(([name, text]) => `${name.padEnd(8)} ${text}`);
  output.write(`\n${told.join('\n')}\n`);
  return problem === null && ok ? EXIT.done : EXIT.failed;
}

import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { replay, startFakeMessages } from '@deskhand/fake-messages';
import { verifyFolder } from '@deskhand/run-ledger';
import { z } from 'zod';

import { Belongings } from '../../lab/belongings.ts';
import type { Desktop } from '../../lab/desktop.ts';
import { openMousepad } from '../../lab/mousepad.ts';
import { run } from '../../lab/owned-process.ts';
import { pictureOf } from '../../lab/screen-picture.ts';
import { inRepository } from '../../lab/workspace.ts';
import { openXterm, type Xterm } from '../../lab/xterm.ts';
import type { Expectation, Finding, Story } from '../story.ts';
import { both, heardByTerminal, savedExactly } from '../witnesses.ts';
import { HOST_BIN, startHost, type HostEvent } from './host-run.ts';
import { JobTeller } from './job-teller.ts';
import { EMPTY_SHEET, layPapers, RIGHT_SHEET } from './papers.ts';
import { CUSTOMER, openShop, type Shop } from './shop.ts';

const TASK = (shop: string): string =>
  `In the folder invoices are three invoices without prices. Look the prices up at ${shop} (customer ${CUSTOMER.name}, the password is the secret SHOP_PASSWORD), and put one line for each invoice into totals.csv, which is open in the editor.`;

const QUESTION = 3;

/** How the model is reached. */
export interface ModelAccess {
  /** Null for the recorded one. */
  readonly apiKey: string | null;
  readonly name: string;
}

export interface JobOptions {
  readonly model: ModelAccess;
  readonly title: string;
  /** In `tests/demo/job`: what the model says when there is no other. */
  readonly recording: string;
  /** The host is killed when this call of a tool has begun. */
  readonly killAt?: string;
  readonly signal: AbortSignal;
}

interface Site {
  readonly desktop: Desktop;
  readonly opened: Belongings;
  readonly story: Story;
  readonly shop: Shop;
  readonly folder: string;
  readonly env: Readonly<Record<string, string>>;
}

/** One task over all three servers, from the person's words to the saved file. */
export async function job(desktop: Desktop, story: Story, options: JobOptions): Promise<void> {
  story.begin(options.title);
  const opened = new Belongings();
  try {
    await perform({ desktop, story, opened }, options);
  } finally {
    await opened.close();
  }
}

async function perform(
  { desktop, story, opened }: Pick<Site, 'desktop' | 'story' | 'opened'>,
  options: JobOptions,
): Promise<void> {
  const shop = opened.own(await openShop());
  const folder = join(desktop.folder, 'home', 'invoices');
  await layPapers(folder);
  const sheet = opened.own(
    await openMousepad(desktop, { file: join(folder, 'totals.csv'), text: EMPTY_SHEET }),
  );
  const xterm = opened.own(await openXterm(desktop));
  const before = await xterm.received();
  const env = { ...(await surroundings(desktop, shop)), ...(await modelOf(opened, options)) };
  const site = { desktop, story, opened, shop, folder, env };
  const teller = await runToEnd(site, options);

  const saved = await savedExactly(sheet, RIGHT_SHEET);
  await show(site, teller);
  story.expect({
    what: 'The sheet on the disk has the three totals, byte for byte',
    witness: 'the file, the shop, the log of the terminal',
    refused: await refusals(site, { teller, xterm, before }),
    allowed: both(saved, signedIn(shop)),
  });
  story.expect(ledgerHolds(site));
  if (options.killAt !== undefined) story.expect(await wasKilled(site, teller));
  story.remark(await costOf(site));
}

/** Goes on with a session until it is done; a question is answered, a killed host is started again. */
async function runToEnd(site: Site, { killAt, signal, model }: JobOptions): Promise<JobTeller> {
  const { desktop, story, env, folder, shop } = site;
  const teller = new JobTeller(story, {
    isRecorded: model.apiKey === null,
    look: () => pictureOf(desktop),
  });
  let args: readonly string[] = [
    'run',
    TASK(shop.url),
    '--mount',
    `invoices=${folder}`,
    '--model',
    model.name,
  ];
  let wanted = killAt;
  for (;;) {
    signal.throwIfAborted();
    const host = startHost(desktop, {
      ...{ args: [...args, '--json'], env, cwd: desktop.folder },
      hear: (event: HostEvent) => {
        teller.hear(event);
        if (wanted !== undefined && teller.isBegun(event, wanted)) {
          wanted = undefined;
          host.kill();
        }
      },
    });
    const code = await host.ended;
    args = ['resume', teller.session];
    if (code === 0) return teller;
    if (code === null) {
      teller.tellKill();
    } else if (code === QUESTION) {
      story.remark(
        'Nobody sits at the host, so it parks with the question. The person, played by a script, says: once.',
      );
      args = [...args, '--answer', 'once'];
    } else throw new Error(`deskhand ended with ${code}: ${host.problem()}`);
  }
}

async function surroundings(desktop: Desktop, shop: Shop): Promise<Readonly<Record<string, string>>> {
  const secrets = join(desktop.folder, 'secrets.json');
  await writeFile(secrets, JSON.stringify({ SHOP_PASSWORD: CUSTOMER.password }), { mode: 0o600 });
  return {
    DESKHAND_ISOLATED: 'true',
    DESKHAND_ALLOW_ORIGIN: new URL(shop.url).origin,
    DESKHAND_SECRETS: secrets,
  };
}

/** Without a key the model's words are recorded: the real SDK is sent to a server on this machine. */
async function modelOf(
  opened: Belongings,
  { model: { apiKey }, recording }: JobOptions,
): Promise<Readonly<Record<string, string>>> {
  if (apiKey !== null) return { ANTHROPIC_API_KEY: apiKey };
  const turns = await readFile(inRepository('tests', 'demo', 'job', recording), 'utf8');
  const api = opened.own(await startFakeMessages({ steps: replay(turns) }));
  return { ANTHROPIC_API_KEY: 'rehearsal', ANTHROPIC_BASE_URL: api.url };
}

async function show({ desktop, story }: Site, { sight }: JobTeller): Promise<void> {
  if (sight === null) return;
  const screen = await sight.screen;
  story.show({
    title: 'The sheet is saved',
    caption: 'Behind the editor is the shop, in the browser that the agent may only look at.',
    agent: sight.agent,
    ...(desktop.wm === 'other' || screen === null
      ? {}
      : { person: { mimeType: 'image/png', data: screen.toPng() } }),
  });
}

async function refusals(
  { desktop, shop }: Site,
  { teller, xterm, before }: { readonly teller: JobTeller; readonly xterm: Xterm; readonly before: string },
): Promise<Finding> {
  const heard = await heardByTerminal(desktop, xterm, before);
  const visits = shop.visits.filter((visit) => visit.startsWith('POST')).length;
  return {
    saw: `${teller.refused} calls were refused, and the agent took another way; ${heard.saw}; one sign-in at the shop`,
    held: heard.held && teller.refused >= 2 && visits === 1,
  };
}

const signedIn = ({ visits }: Shop): Finding => ({
  saw: `the shop saw ${visits.join(', ')}`,
  held: visits.includes('POST /login') && visits.includes('GET /prices'),
});

function ledgerHolds({ desktop }: Site): Expectation {
  const { ok, rows, files, unfinished } = verifyFolder(join(homeOf(desktop), 'ledger'));
  return {
    what: 'The record of the job holds',
    witness: 'the hashes of its rows',
    allowed: {
      saw: `${rows} rows in ${files.length} files; ${unfinished.length} calls without an outcome`,
      held: ok && rows > 0,
    },
  };
}

async function wasKilled({ desktop }: Site, { kills, session }: JobTeller): Promise<Expectation> {
  const log = await readFile(join(homeOf(desktop), 'sessions', session, 'events.jsonl'), 'utf8');
  const interrupted = log.match(/"decision":"interrupted"/g)?.length ?? 0;
  return {
    what: 'A host that is killed in the middle of a call goes on, and tells the model that it may have happened',
    witness: 'the exit of the process; the log of the session',
    allowed: {
      saw: `killed ${kills} times; ${interrupted} call was interrupted`,
      held: kills === 1 && interrupted === 1,
    },
  };
}

const costs = z.array(
  z.object({ turns: z.number(), input: z.number(), cacheRead: z.number(), usd: z.number().nullable() }),
);

/** What the usage would have cost: that of a recorded model is an estimate. */
async function costOf({ desktop, env }: Site): Promise<string> {
  const json = await run({
    command: process.execPath,
    args: [HOST_BIN, 'cost', '--by', 'model', '--json'],
    env: { ...desktop.env, ...env },
    cwd: desktop.folder,
  });
  const [row] = costs.parse(JSON.parse(json));
  if (row === undefined) return 'No usage was recorded.';
  const read = Math.round((row.cacheRead / row.input) * 100);
  return `So far ${row.turns} turns, ${row.input} tokens in (${read} % read from the cache), about $${(row.usd ?? 0).toFixed(2)} at the list prices.`;
}

const homeOf = ({ env }: Desktop): string => env['DESKHAND_HOME'] ?? '';

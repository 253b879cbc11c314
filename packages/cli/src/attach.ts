import { reduce, replay, sessionEvent, type SessionEvent, type State } from '@deskhand/agent-host';
import { PriceList, PRICES } from '@deskhand/model';
import type { DaemonClient, SessionView, Streamed } from '@deskhand/session-daemon';
import { z } from 'zod';
import { answerOption, saidOf } from './answers.ts';
import { EXIT, Refusal, type Context } from './context.ts';
import { runningDaemon } from './daemon-process.ts';
import { askAtTerminal, pageText } from './person.ts';
import type { Place } from './opened-session.ts';
import { CODES } from './run.ts';
import { jsonView, TerminalView, type View } from './view.ts';

export interface AttachOptions {
  readonly json?: boolean;
}

/** Shows a session of the daemon until it rests, and asks at the terminal what it asks. Its exit code. */
export async function attach(id: string, { json }: AttachOptions, place: Place): Promise<number> {
  const { context } = place;
  const leaving = new AbortController();
  const forget = context.onInterrupt(() => leaving.abort());
  const shown = new Shown(json ? jsonView(context) : new TerminalView(context, new PriceList(PRICES)).hear);
  const { signal } = leaving;
  try {
    for (;;) {
      const daemon = await runningDaemon(place);
      if (daemon === undefined)
        throw new Refusal(
          'The daemon does not run, and so no session in it.',
          `Go on with this one there: deskhand resume ${id} --detach\nWith all that ran there: deskhand daemon start --resume`,
        );
      const view = await watched(id, { daemon, shown, signal });
      if (view === null) continue;
      if (view.status !== 'waiting' || json || !context.input.isTTY) return farewell(view, context);
      await answer(view, { daemon, context, signal });
    }
  } catch (error) {
    if (!signal.aborted) throw error;
    context.errors.write(`\nIt goes on. Watch it: deskhand attach ${id}   End it: deskhand stop ${id}\n`);
    return EXIT.done;
  } finally {
    forget();
  }
}

interface Watching {
  readonly daemon: DaemonClient;
  readonly shown: Shown;
  readonly signal: AbortSignal;
}

/** How it rests; null where the connection broke before. */
async function watched(id: string, { daemon, shown, signal }: Watching): Promise<SessionView | null> {
  shown.begin();
  try {
    for await (const said of daemon.events(id, shown.seq, signal)) {
      if (said.kind === 'end') return said.view;
      shown.hear(said);
    }
    return null;
  } catch (error) {
    if (error instanceof TypeError && !signal.aborted) return null; // what fetch makes of a broken connection
    throw error;
  }
}

interface Answering extends Omit<Watching, 'shown'> {
  readonly context: Context;
}

async function answer(view: SessionView, { daemon, context, signal }: Answering): Promise<void> {
  const ask = askAtTerminal(context);
  const [question] = view.questions;
  if (question === undefined) return;
  const { page, ...rest } = question;
  const given = await ask({ ...rest, ...(page && { page }) }, { signal });
  if (given.kind !== 'nobody') await daemon.answer(view.id, { ...saidOf(given), question: question.id });
}

function farewell({ id, status, parked, questions }: SessionView, { errors }: Context): number {
  const page = questions.find((question) => question.page !== null)?.page ?? null;
  if (page !== null) errors.write(`\n${pageText(page)}`);
  const goOn = `resume ${id}${status === 'waiting' ? answerOption(questions) : ''}`;
  const why = { interrupted: 'Interrupted: its process is gone.', open: 'It does not run here.' };
  if (status === 'done') errors.write(`\nSession ${id}\n`);
  else if (status === 'interrupted' || status === 'open')
    errors.write(`\n${why[status]} Go on: deskhand ${goOn}\n`);
  else errors.write(`\nParked: ${parked?.message ?? ''} Go on: deskhand ${goOn}\n`);
  if (status === 'done') return EXIT.done;
  return parked === null ? EXIT.failed : CODES[parked.why];
}

const live = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('progress'), id: z.string(), text: z.string() }),
  z.object({ kind: z.literal('model'), event: z.object({ kind: z.literal('text'), text: z.string() }) }),
]);

/** What of a session was shown already: the words of an answer come live, and again in its event. */
class Shown {
  readonly #view: View;
  readonly #events: SessionEvent[] = [];
  #state: State | null = null;
  #words = '';
  #isNew = true;

  constructor(view: View) {
    this.#view = view;
  }

  /** Of the last event. */
  get seq(): number {
    return this.#events.at(-1)?.seq ?? 0;
  }

  /** A new connection tells all of an answer that is on its way once more. */
  begin(): void {
    this.#isNew = true;
  }

  hear(said: Exclude<Streamed, { kind: 'end' }>): void {
    if (said.kind === 'event') this.#hearEvent(sessionEvent.parse(said.data));
    else {
      const heard = live.safeParse(said.data);
      if (!heard.success || this.#state === null) return;
      if (heard.data.kind === 'progress') this.#view(heard.data, this.#state);
      else this.#say(heard.data.event.text, this.#state);
    }
  }

  #say(told: string, state: State): void {
    const text = this.#isNew && told.startsWith(this.#words) ? told.slice(this.#words.length) : told;
    this.#isNew = false;
    this.#words += text;
    this.#view({ kind: 'model', event: { kind: 'text', text } }, state);
  }

  #hearEvent(event: SessionEvent): void {
    this.#events.push(event);
    this.#state =
      this.#state === null || event.kind === 'rewound' ? replay(this.#events) : reduce(this.#state, event);
    if (event.kind === 'answered') this.#sayRest(event, this.#state);
    this.#view({ kind: 'event', event }, this.#state);
  }

  #sayRest({ content }: Extract<SessionEvent, { kind: 'answered' }>, state: State): void {
    const whole = content.map((part) => (part.type === 'text' ? part.text : '')).join('');
    const rest = whole.startsWith(this.#words) ? whole.slice(this.#words.length) : `\n${whole}`;
    this.#words = '';
    if (rest !== '') this.#view({ kind: 'model', event: { kind: 'text', text: rest } }, state);
  }
}

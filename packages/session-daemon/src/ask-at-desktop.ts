import { isShowable, type AskChannel } from '@deskhand/grants';
import type { Log } from '@deskhand/server-runtime';
import type { Runs } from './runs.ts';
import type { SessionView, SessionViews } from './session-view.ts';

/** A dialog that nobody answers goes away; the session waits on. */
const DIALOG_MS = 10 * 60_000;

interface AskAtDesktopOptions {
  readonly channel: AskChannel;
  readonly runs: Runs;
  readonly views: SessionViews;
  readonly log: Log;
}

export interface DesktopAsking {
  /** Asks the person at the screen what this session waits for, where there is a screen. */
  look(id: string): void;
  close(): void;
}

type Question = SessionView['questions'][number];

/**
 * Asks by dialogs what sessions wait for. A dialog only ever allows what it shows, this once: closed, denied or not
 * seen, it leaves the session waiting, because nobody may be at the screen.
 */
export function askAtDesktop({ channel, runs, views, log }: AskAtDesktopOptions): DesktopAsking {
  const open = new Map<string, AbortController>();
  const ending = new AbortController();
  const look = (id: string): void => {
    const view = views.find(id);
    const [question] = view?.status === 'waiting' ? view.questions : [];
    if (view === null || question === undefined || open.has(id) || ending.signal.aborted) return;
    log.info('session waits for a person', { id, server: question.server, tool: question.tool });
    const over = new AbortController();
    open.set(id, over);
    const forget = runs.listeners.add(id, () => runs.isRunning(id) && over.abort());
    void ask(view, question, AbortSignal.any([over.signal, ending.signal])).finally(() => {
      forget();
      open.delete(id);
    });
  };
  const ask = async (view: SessionView, question: Question, signal: AbortSignal): Promise<void> => {
    try {
      if (!(await isAllowed(channel, { view, question, signal }))) return;
      await runs.answer(view.id, { answer: 'once', question: question.id });
    } catch (err) {
      if (!signal.aborted) log.warn('nobody was asked at the screen', { id: view.id, err });
    }
  };
  return {
    look,
    close: () => ending.abort(),
  };
}

const MOST_LINES = 12;

/** Of words of a server, each of which is shown as one. */
const linesOf = (words: string): readonly string[] =>
  words
    .split('\n')
    .filter((line) => line.trim() !== '')
    .slice(0, MOST_LINES);

async function isAllowed(
  channel: AskChannel,
  {
    view,
    question,
    signal,
  }: { readonly view: SessionView; readonly question: Question; readonly signal: AbortSignal },
): Promise<boolean> {
  const { server, tool, input, reason, form, page } = question;
  const command = `${server} ${tool} ${JSON.stringify(input)}`;
  if (!isShowable(command)) return false;
  const answer = await channel.ask(
    {
      ...{ kind: 'command', reason: view.title, mayAlways: false, timeoutMs: DIALOG_MS },
      command: {
        ...{ command, cwd: `session ${view.id}`, isOnce: true },
        reasons: form === null && page === null ? [reason] : [],
        findings: [
          ...linesOf(form?.message ?? page?.message ?? '').map((line) => [`${server} says`, line] as const),
          ...(page === null ? [] : [[`Open it yourself, if you trust ${page.host}`, page.url] as const]),
          ['To say no', `deskhand resume ${view.id} --answer no`],
        ],
      },
    },
    signal,
  );
  return answer.outcome === 'answered' && answer.decisions.every(({ decision }) => decision === 'allow');
}

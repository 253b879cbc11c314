import { dollars, parkReason, spentOf, type Sessions, type SessionSummary } from '@deskhand/agent-host';
import { PriceList, PRICES } from '@deskhand/model';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { failureOf } from './api-error.ts';
import type { Runs } from './runs.ts';

const record = z.record(z.string(), z.unknown());

/** A session as clients see it. */
export const sessionView = z.object({
  id: z.string(),
  title: z.string(),
  /** `waiting`: for a person's answer. `interrupted`: the daemon or its process was killed. `open`: it runs elsewhere, or was killed there. */
  status: z.enum(['running', 'waiting', 'parked', 'interrupted', 'open', 'done']),
  /** A process of this daemon has it open, at work or not. */
  isHeld: z.boolean(),
  /** Why it is parked. */
  parked: z.object({ why: parkReason, message: z.string() }).nullable(),
  model: z.string(),
  mode: z.string(),
  startedAt: z.string(),
  changedAt: z.string(),
  /** Answers of the model, and what they cost at the list prices in US dollars; null without a price. */
  turns: z.number(),
  usd: z.string().nullable(),
  limits: z.object({ turns: z.number().nullable(), usd: z.number().nullable() }),
  mounts: z.array(z.object({ name: z.string(), path: z.string(), isReadOnly: z.boolean() })),
  /** What a person has to answer. */
  questions: z.array(
    z.object({
      ...{ id: z.string(), server: z.string(), tool: z.string(), input: record, reason: z.string() },
      form: z.object({ message: z.string(), schema: record }).nullable(),
      /** A server wants the person to open it, by themselves; `once` says that they have. */
      page: z.object({ message: z.string(), url: z.string(), host: z.string() }).nullable(),
    }),
  ),
});

export type SessionView = z.output<typeof sessionView>;

interface Kept {
  readonly stamp: string;
  readonly view: SessionView;
}

/** Reads sessions from their files, each again only when it has changed. */
export class SessionViews {
  readonly #sessions: Sessions;
  readonly #runs: Runs;
  readonly #prices = new PriceList(PRICES);
  readonly #kept = new Map<string, Kept>();

  constructor(sessions: Sessions, runs: Runs) {
    this.#sessions = sessions;
    this.#runs = runs;
  }

  /** Newest first. */
  list(): readonly SessionView[] {
    const ids = this.#sessions.ids().toReversed();
    for (const id of this.#kept.keys()) if (!this.#sessions.has(id)) this.#kept.delete(id);
    return ids.flatMap((id) => this.#of(id) ?? []);
  }

  /** Null where it is gone, or cannot be read. */
  find(id: string): SessionView | null {
    return this.#sessions.has(id) ? this.#of(id) : null;
  }

  /** @throws ApiError */
  one(id: string): SessionView {
    const view = this.#of(id);
    if (view !== null) return view;
    throw failureOf({
      code: 'session_broken',
      message: `Session ${id} cannot be read`,
      hint: `Look at its events.jsonl, or delete it: deskhand delete ${id}`,
    });
  }

  #of(id: string): SessionView | null {
    const path = join(this.#sessions.folderOf(id), 'events.jsonl');
    const stat = statSync(path, { throwIfNoEntry: false });
    if (stat === undefined) return null;
    const stamp = `${stat.ino} ${stat.size} ${stat.mtimeMs}`;
    let kept = this.#kept.get(id);
    if (kept?.stamp !== stamp) {
      const summary = this.#sessions.summary(id);
      if (summary === null) return null;
      kept = { stamp, view: this.#viewOf(summary) };
      this.#kept.set(id, kept);
    }
    return { ...kept.view, status: this.#statusOf(id, kept.view), isHeld: this.#runs.holds(id) };
  }

  #statusOf(id: string, { status }: SessionView): SessionView['status'] {
    if (this.#runs.isRunning(id)) return 'running';
    return this.#runs.isInterrupted(id) ? 'interrupted' : status;
  }

  #viewOf({ id, state, startedAt, changedAt }: SessionSummary): SessionView {
    const { head, parked, model, limits, spent, open, isDue } = state;
    const questions = open.flatMap(({ question }) => question ?? []);
    const isOpen = isDue || open.length > 0;
    const rest = parked === null ? (isOpen ? 'open' : 'done') : 'parked';
    return {
      ...{ id, title: head.title, model, mode: head.mode, startedAt, changedAt, limits, parked },
      isHeld: false,
      status: parked?.why === 'question' ? 'waiting' : rest,
      turns: spent.turns.length,
      usd: dollars(spentOf(state, this.#prices)),
      mounts: [...head.mounts],
      questions: questions.map(({ id, server, tool, input, reason, form, page }) => ({
        ...{ id, server, tool, input: { ...input }, reason },
        form: form === null ? null : { message: form.message, schema: { ...form.schema } },
        page: page ?? null,
      })),
    };
  }
}

import { lockFile } from '@deskhand/grants';
import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ulid } from 'ulid';
import { sync as writeFileAtomic } from 'write-file-atomic';
import { z } from 'zod';

const NANODOLLARS = 1e9;

const line = z.object({ id: z.string(), nanodollars: z.number().nonnegative() });
const limitFile = z.object({ usdPerDay: z.number().positive() });

/** What is left of the limit of a day; null without one. */
export interface DayRoom {
  readonly usd: number;
  /** Nanodollars. */
  readonly left: number;
}

/** What all sessions of a state folder may cost on a day (UTC), and what they did: a file a day, which no session owns. */
export class DaySpending {
  readonly #folder: string;

  constructor(home: string) {
    this.#folder = join(home, 'spending');
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
  }

  /** US dollars; null for none. @throws Error where the file was changed to what is no limit */
  get limit(): number | null {
    const path = this.#limitFile;
    return existsSync(path) ? limitFile.parse(JSON.parse(readFileSync(path, 'utf8'))).usdPerDay : null;
  }

  set limit(usdPerDay: number | null) {
    if (usdPerDay === null) rmSync(this.#limitFile, { force: true });
    else writeFileAtomic(this.#limitFile, `${JSON.stringify({ usdPerDay })}\n`, { mode: 0o600 });
  }

  /** Nanodollars of a day, with all that is reserved and may be charged. */
  spent(at: Date): number {
    const path = this.#dayFile(at);
    if (!existsSync(path)) return 0;
    const last = new Map<string, number>();
    for (const text of readFileSync(path, 'utf8').split('\n')) {
      const parsed = line.safeParse(jsonOf(text));
      if (parsed.success) last.set(parsed.data.id, parsed.data.nanodollars);
    }
    return [...last.values()].reduce((sum, one) => sum + one, 0);
  }

  /**
   * Reserves what is chosen, while no other process does; a text is why nothing is. What is never settled stays
   * reserved: it may have been charged.
   */
  async reserve<R extends { readonly most: number }>(
    at: Date,
    choose: (room: DayRoom | null) => R | string,
  ): Promise<(R & { readonly settle: (nanodollars: number) => void }) | string> {
    const path = this.#dayFile(at);
    const release = await lockFile(path);
    try {
      const usd = this.limit;
      const chosen = choose(usd === null ? null : { usd, left: usd * NANODOLLARS - this.spent(at) });
      if (typeof chosen === 'string') return chosen;
      const id = ulid();
      append(path, { id, nanodollars: chosen.most });
      return { ...chosen, settle: (nanodollars) => append(path, { id, nanodollars }) };
    } finally {
      release();
    }
  }

  get #limitFile(): string {
    return join(this.#folder, 'limit.json');
  }

  #dayFile(at: Date): string {
    return join(this.#folder, `${at.toISOString().slice(0, 10)}.jsonl`);
  }
}

/** The line before may be torn, so that each begins with its own end. */
const append = (path: string, row: z.output<typeof line>): void =>
  appendFileSync(path, `\n${JSON.stringify(row)}\n`, { mode: 0o600 });

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null; // torn: what it reserved was never asked for
  }
}

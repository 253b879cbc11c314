import { mayLive, ownLife, type ProcessLife } from '@deskhand/run-ledger/process-life';
import { randomBytes } from 'node:crypto';
import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { GrantsError } from './grants-error.ts';

const WAIT_MS = 10_000;
const POLL_MS = 10;

interface Claim {
  readonly path: string;
  /** Unique; when several wait, the lowest goes first. */
  readonly order: string;
  readonly life: ProcessLife;
}

export interface LockOptions {
  readonly signal?: AbortSignal;
  /** How long to wait for a living holder; 10 s unless told. */
  readonly waitMs?: number;
}

/**
 * Waits until no other living process holds the lock on `target` and returns what releases it.
 *
 * Everyone who wants the lock first creates a file of a unique name beside the target, then looks at the others:
 * whoever sees no other living claim has the lock. Of two who come at once at least one sees the other, and only
 * claims of the dead are ever removed by others, under names that never come back.
 * @throws GrantsError `grants_busy` when a holder lives on and does not release it
 */
export async function lockFile(target: string, options: LockOptions = {}): Promise<() => void> {
  const { signal, waitMs = WAIT_MS } = options;
  const own = ownLife();
  const giveUpAt = performance.now() + waitMs;
  let mine = makeClaim(target, own);
  try {
    for (;;) {
      signal?.throwIfAborted();
      const others = livingClaims(target, own).filter((claim) => claim.order !== mine.order);
      if (others.length === 0) {
        const { path } = mine;
        return () => rmSync(path, { force: true });
      }
      if (performance.now() > giveUpAt) throw busy(target, others);
      const mustYield = others.some((claim) => claim.order < mine.order);
      if (mustYield) rmSync(mine.path, { force: true });
      await sleep(POLL_MS * (0.2 + Math.random()), undefined, signal && { signal });
      if (mustYield) mine = makeClaim(target, own);
    }
  } catch (error) {
    rmSync(mine.path, { force: true });
    throw error;
  }
}

function makeClaim(target: string, life: ProcessLife): Claim {
  const order = randomBytes(8).toString('hex');
  const path = `${target}.lock.${life.pid}.${life.start}.${life.boot}.${life.space}.${order}`;
  writeFileSync(path, '', { flag: 'wx', mode: 0o600 });
  return { path, order, life };
}

/** Removes the claims of the dead on the way. */
function livingClaims(target: string, own: ProcessLife): readonly Claim[] {
  const folder = dirname(target);
  const prefix = `${basename(target)}.lock.`;
  const living: Claim[] = [];
  for (const name of readdirSync(folder)) {
    if (!name.startsWith(prefix)) continue;
    const [pid, start, boot, space, order] = name.slice(prefix.length).split('.');
    if (!pid || !start || !boot || !space || !order) continue;
    const claim = { path: join(folder, name), order, life: { pid: Number(pid), start, boot, space } };
    if (mayLive(claim.life, own)) living.push(claim);
    else rmSync(claim.path, { force: true });
  }
  return living;
}

function busy(target: string, holders: readonly Claim[]): GrantsError {
  const [first] = holders;
  return new GrantsError('grants_busy', `${target} is being changed by process ${String(first?.life.pid)}`, {
    hint: `If that process has ended, or belongs to another container or machine, remove ${String(first?.path)}`,
  });
}

import { openGateway, type Ask, type Gateway, type Mode } from '@deskhand/gateway';
import { openGrantStore, type GrantStore } from '@deskhand/grants';
import type { Model, PriceList } from '@deskhand/model';
import { openLedger, type Ledger } from '@deskhand/run-ledger';
import { existsSync, rmSync, watch } from 'node:fs';
import { join } from 'node:path';
import { ulid } from 'ulid';
import {
  DaySpending,
  type OwnTool,
  ownToolsOf,
  Runner,
  samplerOf,
  type SamplerParts,
  type Session,
  type Started,
  type Stop,
  STOP_FILE,
} from '@deskhand/agent-host';
import type { Context } from './context.ts';
import { requireSandbox } from './tried-sandbox.ts';
import { serversFor } from './servers.ts';
import { MountedFolders } from './session-folders.ts';
import type { View } from './view.ts';
import { visible } from './visible.ts';
import { shown } from './waiting.ts';

export interface HostOptions {
  readonly home: string;
  /** Of the session. */
  readonly id: string;
  readonly mounts: Started['mounts'];
  readonly mode: Mode;
  readonly ask: Ask;
  readonly servers?: readonly string[];
  /** Gives up the start. */
  readonly signal?: AbortSignal;
}

const UNCONFINED =
  'The mode bypass asks nothing, so that all of it has to happen in a sandbox, and there is none here. Another mode, such as --mode accept-edits, needs none.';

/** Who pays for what servers ask the model: the session, while it runs. */
interface Payer {
  parts: SamplerParts | null;
}

/** The servers of one session, and what belongs to them. */
export class Host {
  readonly gateway: Gateway;
  readonly own: readonly OwnTool[];
  readonly ledger: Ledger;
  readonly day: DaySpending;
  readonly payer: Payer;
  readonly #grants: GrantStore;

  private constructor(parts: {
    readonly gateway: Gateway;
    readonly own: readonly OwnTool[];
    readonly payer: Payer;
    readonly grants: GrantStore;
    readonly ledger: Ledger;
    readonly day: DaySpending;
  }) {
    this.gateway = parts.gateway;
    this.own = parts.own;
    this.payer = parts.payer;
    this.#grants = parts.grants;
    this.ledger = parts.ledger;
    this.day = parts.day;
  }

  static async open(options: HostOptions, context: Context): Promise<Host> {
    const { home, id, mounts, mode, ask, signal } = options;
    if (mode === 'bypass') await requireSandbox(context, { why: UNCONFINED, ...(signal && { signal }) });
    const servers = serversFor({ ...options, session: id }, context, home);
    const folders = new MountedFolders({ session: id, mounts });
    const grants = await openGrantStore({ home, session: id, onChange: () => folders.look() });
    folders.watch(grants);
    const payer: Payer = { parts: null };
    const sampler = samplerOf(() => payer.parts);
    const origin = { run: ulid(), session: id, actor: 'deskhand', surface: 'host' };
    const ledger = openLedger({ folder: join(home, 'ledger'), ...origin });
    const shared = {
      servers,
      grants,
      ledger,
      ask,
      mode,
      home,
      session: id,
      env: context.env,
      folders,
      sampler,
      ...(signal && { signal }),
    };
    const names = visible(servers.map(({ name }) => name).join(', '));
    try {
      const gateway = await shown(context, `Starting ${names}`, openGateway(shared));
      const own = ownToolsOf(home, mounts);
      return new Host({ gateway, own, payer, grants, ledger, day: new DaySpending(home) });
    } catch (error) {
      ledger.close();
      grants.close();
      throw error;
    }
  }

  async close(): Promise<void> {
    await this.gateway.close();
    this.ledger.close();
    this.#grants.close();
  }
}

interface RunOptions {
  readonly session: Session;
  readonly host: Host;
  readonly model: Model;
  readonly prices: PriceList;
  readonly view: View;
}

/** Runs a session until it stops: by itself, by Ctrl-C, or because another process said so. */
export async function runSession(
  { session, host, model, prices, view }: RunOptions,
  { onInterrupt, leave }: Pick<Context, 'onInterrupt' | 'leave'>,
): Promise<Stop> {
  const stop = new AbortController();
  const { gateway, own, ledger, day } = host;
  const runner = new Runner({
    ...{ session, model, gateway, own, prices, ledger, day },
    hear: (heard) => view(heard, session.state),
  });
  const stopFile = join(session.folder, STOP_FILE);
  rmSync(stopFile, { force: true });
  const watcher = watch(session.folder, (_, name) => {
    if (name === STOP_FILE && existsSync(stopFile)) stop.abort();
  });
  host.payer.parts = { session, model, prices, day, ledger };
  const forget = onInterrupt((why) => {
    if (stop.signal.aborted) leave(130);
    stop.abort(why);
  });
  try {
    return await runner.run(stop.signal);
  } finally {
    forget();
    host.payer.parts = null;
    watcher.close();
    rmSync(stopFile, { force: true });
  }
}

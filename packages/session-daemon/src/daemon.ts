import { Sessions } from '@deskhand/agent-host';
import { nativeDialogChannel } from '@deskhand/grants';
import { openLedger, type Ledger } from '@deskhand/run-ledger';
import {
  defineConfig,
  openDoor,
  standardOptions,
  type Behind,
  type DoctorCheck,
  type DoorSettings,
  type House,
  type HttpService,
  type Log,
  type ServerDefinition,
  type SessionParts,
  type Surface,
} from '@deskhand/server-runtime';
import { join } from 'node:path';
import { ulid } from 'ulid';
import { z } from 'zod';
import { askAtDesktop } from './ask-at-desktop.ts';
import { Runs } from './runs.ts';
import { SessionApi } from './session-api.ts';
import { SessionViews } from './session-view.ts';

const { logLevel, config, home } = standardOptions;

const schema = z.object({
  ...{ logLevel, config, home },
  resume: z.boolean().default(false).meta({
    description: 'Go on with the sessions that ran when the daemon ended',
  }),
});

export interface SessionDaemonOptions {
  readonly version: string;
  /** What runs a session: program and arguments. */
  readonly command: readonly string[];
  readonly platform: NodeJS.Platform;
}

/** Variables of models and desktops, which sessions need: `daemon install` hands them on. */
const VARIABLES = [
  ...['ANTHROPIC_API_KEY', 'ANTHROPIC_BASE_URL', 'OPENAI_API_KEY', 'PATH'],
  ...['DISPLAY', 'WAYLAND_DISPLAY', 'XAUTHORITY', 'DBUS_SESSION_BUS_ADDRESS'],
];

/** The daemon of `deskhand`. */
export const sessionDaemon = (options: SessionDaemonOptions): ServerDefinition<typeof schema> => ({
  config: defineConfig(schema, {
    name: 'deskhand',
    version: options.version,
    description: 'Runs sessions of deskhand that outlive their client',
  }),
  env: VARIABLES,
  isDaemonOnly: true,
  open: ({ resume }, house) => Promise.resolve(new SessionSurface(options, { ...house, isResuming: resume })),
});

/** The sessions of a state folder, and those of them that run here. */
class SessionSurface implements Surface {
  readonly #options: SessionDaemonOptions;
  readonly #house: House & { readonly isResuming: boolean };
  readonly #sessions: Sessions;
  /** Of what clients have done. */
  #ledger: Ledger | null = null;
  readonly checks: readonly DoctorCheck[];

  constructor(options: SessionDaemonOptions, house: House & { readonly isResuming: boolean }) {
    this.#options = options;
    this.#house = house;
    this.#sessions = new Sessions(house.home);
    this.checks = [
      { name: 'read the sessions', run: () => Promise.resolve(`${this.#sessions.list().length} sessions`) },
    ];
  }

  session(): SessionParts {
    return { tools: [], permission: () => ({ allowed: false, code: 'no_tools', message: 'There are none' }) };
  }

  serve(settings: DoorSettings): Promise<HttpService> {
    return openDoor(settings, { path: '', routes: (behind) => this.#open(behind) });
  }

  /** What runs belongs to the door, which is closed before. */
  close(): void {
    this.#ledger?.close();
  }

  #open(behind: Behind): SessionApi {
    const { env, log, home } = this.#house;
    const { command, platform, version } = this.#options;
    const sessions = this.#sessions;
    const onLeft = (): void => behind.traffic.end();
    const onRest = (id: string): void => {
      behind.traffic.end();
      asking.look(id);
    };
    const runs = new Runs({ sessions, command, env, log, onRest, onLeft });
    const views = new SessionViews(sessions, runs);
    const asking = askAtDesktop({ channel: nativeDialogChannel({ platform, env }), runs, views, log });
    const origin = { run: ulid(), session: 'daemon', actor: 'api', surface: 'daemon' };
    const ledger = openLedger({ folder: join(home, 'ledger'), ...origin });
    this.#ledger = ledger;
    this.#report(runs);
    return new SessionApi({ sessions, runs, views, version, behind, asking, ledger });
  }

  /** What ran when the last daemon ended goes on where that was asked for, and else waits for a person. */
  #report(runs: Runs): void {
    const { log, isResuming } = this.#house;
    for (const id of this.#sessions.ids().filter((one) => runs.isInterrupted(one))) {
      log.warn('session was interrupted', { id, isResuming });
      if (isResuming) void goOn(id, runs, log);
    }
  }
}

async function goOn(id: string, runs: Runs, log: Log): Promise<void> {
  try {
    await runs.resume(id, {});
  } catch (err) {
    log.error('session does not go on', { id, err });
  }
}

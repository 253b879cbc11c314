import { ensureStateHome, ownHomedir, stateHome } from '@deskhand/grants';
import { join } from 'node:path';
import type { z } from 'zod';
import { checkConfig, type GivenConfig } from '../config/parse-config.ts';
import { standardSchema, type StandardOptions } from '../config/define-config.ts';
import { openLedgerSink } from '../ledger-sink.ts';
import type { Log } from '../log.ts';
import type { HttpService } from '../http/http-service.ts';
import type { DoorSettings } from '../http/open-door.ts';
import { serveHttp } from '../http/serve-http.ts';
import type { DoctorCheck, House, ServerDefinition, Surface } from '../server-definition.ts';
import { Sessions } from '../sessions.ts';
import type { BinHost } from './host.ts';

/** A server's definition with the types of its own options closed over. */
export interface Program extends Omit<ServerDefinition, 'open'> {
  /** Opens the surface with the options that were given; throws ConfigError when they are wrong. */
  open(given: GivenConfig, house: House): Promise<Surface>;
}

export const programOf = <S extends z.ZodObject>(definition: ServerDefinition<S>): Program => ({
  ...definition,
  open: async (given, house) => definition.open(checkConfig(definition.config.schema, given), house),
});

/** Everything of a process that serves, apart from its doors. */
export interface OpenHouse {
  readonly sessions: Sessions;
  readonly checks: readonly DoctorCheck[];
  /** Opens the HTTP door. */
  readonly serve: (settings: DoorSettings) => Promise<HttpService>;
  /** In this order: sessions, surface, record. */
  readonly close: readonly (() => void | Promise<void>)[];
}

export interface HouseOptions {
  readonly program: Program;
  readonly given: GivenConfig;
  readonly host: Pick<BinHost, 'env' | 'platform'>;
  readonly log: Log;
  /** The session that the record opens with. */
  readonly session: string;
}

/** The options that every server has. */
export const standardOf = (given: GivenConfig): StandardOptions => checkConfig(standardSchema, given);

/**
 * The state folder, made when missing.
 *
 * @throws GrantsError when it is not safe
 */
export function openHome(
  { home }: StandardOptions,
  { env, platform }: Pick<BinHost, 'env' | 'platform'>,
): string {
  const path = stateHome({ env: { ...env, DESKHAND_HOME: home }, platform, homedir: ownHomedir() });
  ensureStateHome(path);
  return path;
}

/** Opens the record and the surface; whoever calls this runs `close` at the end. */
export async function openHouse({ program, given, host, log, session }: HouseOptions): Promise<OpenHouse> {
  const standard = standardOf(given);
  const home = openHome(standard, host);
  const surface = await program.open(given, { home, session: standard.session, log, env: host.env });
  const { name } = program.config;
  const { approvals, tools, readOnly, record: recording, rateLimit } = standard;
  const ledger = openLedgerSink({ folder: join(home, 'ledger'), surface: name, session, recording });
  const sessions = new Sessions({
    definition: program,
    surface,
    selection: { tools, readOnly },
    audit: ledger,
    log,
    approvals,
    limits: { perMinute: rateLimit },
  });
  return {
    sessions,
    checks: surface.checks ?? [],
    serve: (settings) => surface.serve?.(settings) ?? serveHttp({ sessions, ...settings }),
    close: [() => sessions.close(), () => surface.close(), () => ledger.close()],
  };
}

/** Runs every step, whatever the ones before it did. */
export async function closeHouse(steps: OpenHouse['close'], log: Log): Promise<void> {
  for (const step of steps) {
    try {
      await step();
    } catch (err) {
      log.error('a step of the shutdown failed', { err });
    }
  }
}

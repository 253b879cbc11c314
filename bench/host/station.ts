import { openGateway, type Gateway } from '@deskhand/gateway';
import { openGrantStore } from '@deskhand/grants';
import { openLedger } from '@deskhand/run-ledger';
import { join } from 'node:path';

const MINUTE = 60_000;

export interface Station {
  readonly gateway: Gateway;
  close(): Promise<void>;
}

/** A gateway with one server, which Node.js runs with the arguments. */
export async function openStation(
  home: string,
  { name, args }: { readonly name: string; readonly args: readonly string[] },
): Promise<Station> {
  const grants = await openGrantStore({ home });
  const ledger = openLedger({
    ...{ folder: join(home, 'ledger'), run: 'bench', session: 'bench', actor: 'bench', surface: 'host' },
  });
  const own = { isOwn: true, alwaysLoad: true, timeoutMs: MINUTE, startupMs: MINUTE, disabledTools: [] };
  const env = { DESKHAND_HOME: home };
  const gateway = await openGateway({
    servers: [{ name, ...own, reached: { kind: 'stdio', command: process.execPath, args, env } }],
    ...{ ask: () => Promise.resolve({ kind: 'nobody' as const }), mode: 'ask', ledger, grants, home },
    ...{ session: 'bench', env: process.env, rate: { perMinute: 1e9, inFlight: 16 } },
  });
  return {
    gateway,
    close: async () => {
      await gateway.close();
      ledger.close();
      grants.close();
    },
  };
}

import {
  Cooldown,
  hostChannel,
  nativeDialogChannel,
  openGrantStore,
  terminalChannel,
  type GrantStore,
} from '@deskhand/grants';
import type { Asking, House } from '@deskhand/server-runtime';
import { join } from 'node:path';

/** What persons allowed, and how they are asked for more. */
export interface Persons {
  readonly grants: GrantStore;
  asking(session: string): Asking;
}

/** Opens the grants of the state folder. */
export async function openPersons(
  { home, session: named, env }: Pick<House, 'home' | 'session' | 'env'>,
  approvals: 'ask' | 'decline',
): Promise<Persons> {
  const grants = await openGrantStore({ home, ...(named !== undefined && { session: named }) });
  const cooldown = new Cooldown({ store: grants });
  const host = hostChannel({ path: join(home, 'host.sock') });
  const dialog = nativeDialogChannel({ platform: process.platform, env });
  return {
    grants,
    asking: (session) => ({
      ...{ session, approvals, host, cooldown },
      others: [dialog, terminalChannel({ home, session })],
    }),
  };
}

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { GatewayError } from './gateway-error.ts';
import { ChildRecords } from './process/child-records.ts';
import { seenFolder } from './servers/seen-server.ts';

/** Where a gateway keeps what it knows, in the state folder. */
export interface Places {
  readonly logs: string;
  readonly seen: string;
  readonly records: ChildRecords;
  readonly pinFile: string;
}

/** @throws GatewayError `state_unusable` */
export function places(home: string): Places {
  const logs = join(home, 'logs');
  const own = join(home, 'gateway');
  const seen = seenFolder(home);
  try {
    for (const folder of [logs, own, seen]) mkdirSync(folder, { recursive: true, mode: 0o700 });
    const records = new ChildRecords(join(own, 'children'));
    records.reap();
    return { logs, seen, records, pinFile: join(own, 'pins.json') };
  } catch (cause) {
    throw new GatewayError(
      'state_unusable',
      `${home} cannot be used: ${cause instanceof Error ? cause.message : String(cause)}`,
      {
        hint: `Look at it: ls -la '${home}'`,
        cause,
      },
    );
  }
}

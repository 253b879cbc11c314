import { randomUUID } from 'node:crypto';
import { lstatSync, statSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import type { Desktop } from '../lab/desktop.ts';

/** One row of `grants.json`, as a person would find it there. */
export interface GrantRow {
  readonly id: string;
  readonly resource: { readonly kind: 'app'; readonly app: string };
  readonly decision: 'allow' | 'deny';
  readonly [field: string]: unknown;
}

export interface RowOptions {
  readonly decision?: 'allow' | 'deny';
  readonly tier?: 'none' | 'read' | 'click' | 'full';
  /** The application's key; that of the executable itself unless told. */
  readonly app?: string;
  readonly flags?: Readonly<Partial<Record<'clipboardRead' | 'clipboardWrite' | 'systemKeyCombos', boolean>>>;
}

/** What an approval is bound to: the file as it stands now. */
function identityOf(executable: string): Readonly<Record<string, unknown>> {
  const stat = statSync(executable, { bigint: true });
  return {
    executable,
    device: String(stat.dev),
    inode: String(stat.ino),
    size: Number(stat.size),
    changedNs: String(stat.ctimeNs),
    ownerUid: Number(stat.uid),
    rootOnly: false,
  };
}

/** A lasting row about an executable, for every session. */
export function rowFor(executable: string, options: RowOptions = {}): GrantRow {
  const { decision = 'allow', tier, flags, app = `linux:${executable}` } = options;
  return {
    id: randomUUID(),
    subject: '*',
    resource: { kind: 'app', app },
    ...(tier && { tier }),
    ...(flags && { flags }),
    decision,
    scope: 'always',
    origin: 'person',
    ...(executable.startsWith('/usr/') ? {} : { identity: identityOf(executable) }),
    createdAt: new Date().toISOString(),
  };
}

export const grantsFileOf = ({ env }: Pick<Desktop, 'env'>): string =>
  join(env['DESKHAND_HOME'] ?? '', 'grants.json');

/** Writes the person's approvals, in place of all there were. */
export function writeGrants(desktop: Pick<Desktop, 'env'>, rows: readonly GrantRow[]): void {
  const file = grantsFileOf(desktop);
  // whole at once, as a person's tool does: a server that looks meanwhile would find a broken file, rightly
  writeFileSync(`${file}.new`, JSON.stringify({ version: 1, grants: rows }, null, 2), { mode: 0o600 });
  renameSync(`${file}.new`, file);
  if ((lstatSync(file).mode & 0o777) !== 0o600) throw new Error(`${file} is not private`);
}

import { join } from 'node:path';
import { isLive, type Grant } from '../grant.ts';
import { GrantFile } from '../grant-file.ts';
import { formatGrantText } from '../grant-text.ts';
import { ensureStateHome } from '../state-home.ts';
import { grantTable, withFileState } from './grant-table.ts';
import { json, type CliContext, type CommandResult } from './outcome.ts';

/** Every grant of the file, revoked and expired ones too. @throws GrantsError */
export function grantsInFile(home: string): readonly Grant[] {
  ensureStateHome(home);
  return fileIn(home)
    .rows()
    .flatMap((row) => (row.known ? [row.grant] : []));
}

export async function list(
  { home, isColoured }: CliContext,
  { all = false, json: asJson = false }: { readonly all?: boolean; readonly json?: boolean },
): Promise<CommandResult> {
  const now = new Date();
  const wanted = grantsInFile(home).filter((grant) => all || isLive(grant, now));
  const grants = await Promise.all(wanted.map(withFileState));
  return { text: asJson ? json(grants) : grantTable(grants, isColoured) };
}

/** The file as it is, with rows of later versions, for keeping or for another computer. */
export function exportGrants({ home }: CliContext): CommandResult {
  ensureStateHome(home);
  return { text: formatGrantText(fileIn(home).rows()).trimEnd() };
}

const fileIn = (home: string): GrantFile => new GrantFile(join(home, 'grants.json'));

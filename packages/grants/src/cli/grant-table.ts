import { plainLabel } from '../ask/plain-text.ts';
import { ANY_SUBJECT, isLive, type Grant } from '../grant.ts';
import { checkIdentity } from '../read-identity.ts';
import { formatResource } from '../resource.ts';

/** Whether the file behind an approval is still the one that was approved; `none` when none is bound. */
export type FileState = 'unchanged' | 'changed' | 'gone' | 'none';

export interface ListedGrant extends Grant {
  readonly file: FileState;
}

export async function withFileState(grant: Grant): Promise<ListedGrant> {
  return { ...grant, file: await fileStateOf(grant) };
}

async function fileStateOf({ identity, resource }: Grant): Promise<FileState> {
  const path = resource.kind === 'app' ? /^(?:linux|macos):(\/.*)$/s.exec(resource.app)?.[1] : undefined;
  const executable = identity?.executable ?? path;
  if (executable === undefined) return 'none';
  try {
    return (await checkIdentity(identity, { executable })).holds ? 'unchanged' : 'changed';
  } catch {
    return 'gone'; // nothing there, or nothing that we may read
  }
}

const FILE_WORDS = {
  unchanged: 'unchanged',
  changed: 'FILE CHANGED SINCE',
  gone: 'FILE IS GONE',
  none: '-',
} as const satisfies Record<FileState, string>;

const HEAD = ['ID', 'WHAT', 'DECISION', 'TIER', 'RIGHTS', 'FOR', 'UNTIL', 'SINCE', 'FILE'] as const;

/** A table for a person; what lapsed because its file changed stands out. */
export function grantTable(grants: readonly ListedGrant[], isColoured: boolean): string {
  if (grants.length === 0) return 'Nothing is allowed or denied.';
  const rows = [HEAD, ...grants.map(rowOf)];
  const widths = HEAD.map((_head, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const lines = rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  const lapsed = grants.map(isLapsed);
  const shown = lines.map((line, index) =>
    isColoured && lapsed[index - 1] ? `\u001b[1;31m${line}\u001b[0m` : line,
  );
  return lapsed.includes(true) ? `${shown.join('\n')}\n\n${LAPSED}` : shown.join('\n');
}

const LAPSED =
  'Where the file changed or is gone, the grant does not hold. Allow it again only if you know why it changed.';

const isLapsed = ({ file, decision }: ListedGrant): boolean =>
  decision === 'allow' && (file === 'changed' || file === 'gone');

const rowOf = (grant: ListedGrant): readonly string[] => [
  plainLabel(grant.id.slice(0, 8)),
  plainLabel(formatResource(grant.resource)),
  grant.decision,
  grant.tier ?? '-',
  rightsOf(grant) || '-',
  grant.subject === ANY_SUBJECT ? 'everyone' : `session ${plainLabel(grant.subject)}`,
  untilOf(grant),
  localTime(grant.createdAt),
  FILE_WORDS[grant.file],
];

const rightsOf = ({ flags = {} }: Grant): string =>
  Object.entries(flags)
    .filter(([, isGiven]) => isGiven === true)
    .map(([name]) => name)
    .join(' ');

function untilOf(grant: Grant): string {
  if (grant.revokedAt !== undefined) return `revoked ${localTime(grant.revokedAt)}`;
  if (grant.expires === undefined) return 'no end';
  return isLive(grant, new Date()) ? localTime(grant.expires) : `expired ${localTime(grant.expires)}`;
}

/** `2026-01-31 23:59` in the person's time zone. */
export const localTime = (time: string): string => new Date(time).toLocaleString('sv-SE').slice(0, 16);

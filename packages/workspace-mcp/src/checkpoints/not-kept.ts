import { ToolError } from '@deskhand/server-runtime';
import { existsSync } from 'node:fs';
import { isSystemError } from '../files/system-error.ts';
import { shownPath, type Mounted, type Part } from './scopes.ts';

/** How a walk from a held folder has it in the words of the system, and the call that it was for. */
const HELD = /(?:, \w+)? '\/proc\/self\/fd\/[^]*'$/;

/** Why what is there could not be kept, in words and with names that a caller knows. */
export function notKept(cause: unknown, mounted: Mounted, parts: readonly Part[]): ToolError {
  const { why, hint } = reasonOf(cause, mounted, parts);
  const message = `what is there now could not be kept, so nothing was done: ${why}`;
  return new ToolError('checkpoint_failed', message, { cause, ...(hint !== undefined && { hint }) });
}

function reasonOf(
  cause: unknown,
  mounted: Mounted,
  parts: readonly Part[],
): { readonly why: string; readonly hint?: string } {
  const said = cause instanceof Error ? cause.message : String(cause);
  const names = parts.map((part) => shownPath(mounted, part) ?? part.path).join(', ');
  const gone = isSystemError(cause, 'ENOENT') ? parts.find(({ folder }) => !existsSync(folder)) : undefined;
  if (gone !== undefined)
    return {
      why: `the folder of ${shownPath(mounted, { ...gone, path: '.' }) ?? gone.folder} was moved or deleted`,
      hint: 'A person has to start the server again, with where the folder is now.',
    };
  if (isSystemError(cause, 'ENAMETOOLONG'))
    return { why: `${names} has a name that is too long`, hint: 'Choose a shorter one.' };
  const why = HELD.test(said) ? `${said.replace(HELD, '')}, at ${names}` : said;
  return isSystemError(cause, 'ENOSPC', 'EDQUOT')
    ? { why, hint: 'A person can make room on the disk that has the state folder.' }
    : { why };
}

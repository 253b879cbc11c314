import { z } from 'zod';

/** An executable file as it stood at one moment, so that an approval binds to the file and not to its name. */
export const executableIdentitySchema = z.strictObject({
  /** Absolute path with links resolved. */
  executable: z.string().min(1),
  /** Decimal, as is `inode`: both may exceed what a number can hold. */
  device: z.string(),
  inode: z.string(),
  size: z.int().min(0),
  /** Change time in nanoseconds, decimal: unlike the modification time it cannot be set back. */
  changedNs: z.string(),
  ownerUid: z.int(),
  /** The file and every folder above it belong to root, and nobody else may write to any of them. */
  rootOnly: z.boolean(),
  /** SHA-256 of the content in lower-case hex. */
  sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .optional(),
});

export type ExecutableIdentity = Readonly<z.infer<typeof executableIdentitySchema>>;

/** Whether an approval of one file holds for the file that is there now. */
export type IdentityVerdict =
  | { readonly holds: true; readonly because: 'unchanged' | 'root_only' | 'same_content' }
  | {
      readonly holds: false;
      /** `content_unread`: read the content (`readIdentity`) and judge again. */
      readonly code: 'other_path' | 'content_unread' | 'content_changed' | 'not_recorded';
      readonly message: string;
    };

/**
 * An approval holds when the file is the very same and untouched; or when only root can and could replace it,
 * as package upgrades do; or when its content is the same. Without a record (an approval written by hand)
 * it holds only for a file that nobody but root can replace.
 */
export function identityHolds(
  recorded: ExecutableIdentity | undefined,
  current: ExecutableIdentity,
): IdentityVerdict {
  const path = current.executable;
  if (recorded !== undefined && recorded.executable !== path)
    return lapsed('other_path', `${recorded.executable} was approved, this is ${path}`);
  if (recorded !== undefined && isUntouched(recorded, current)) return { holds: true, because: 'unchanged' };
  if (current.rootOnly && (recorded?.rootOnly ?? true)) return { holds: true, because: 'root_only' };
  if (recorded?.sha256 === undefined)
    return lapsed('not_recorded', `others than root can replace ${path}, and its content was not recorded`);
  if (current.sha256 === undefined)
    return lapsed('content_unread', `${path} was replaced or touched; its content decides`);
  return current.sha256 === recorded.sha256
    ? { holds: true, because: 'same_content' }
    : lapsed('content_changed', `${path} is not the file that was approved`);
}

const lapsed = (code: (IdentityVerdict & { holds: false })['code'], message: string): IdentityVerdict => ({
  holds: false,
  code,
  message,
});

const isUntouched = (a: ExecutableIdentity, b: ExecutableIdentity): boolean =>
  a.device === b.device &&
  a.inode === b.inode &&
  a.size === b.size &&
  a.changedNs === b.changedNs &&
  a.ownerUid === b.ownerUid;

export type Platform = 'linux' | 'macos' | 'windows';

/**
 * What an application is, as far as the operating system can prove it.
 * Nothing that an application says of itself (title, window class, process name) belongs here.
 */
export interface AppIdentity {
  readonly platform: Platform;
  /** Absolute path of the running executable with links resolved; `null` when it cannot be read. */
  readonly executable: string | null;
  /** macOS bundle identifier. */
  readonly bundleId?: string;
  /** From `/.flatpak-info` of the process, such as `org.mozilla.firefox`. */
  readonly flatpakId?: string;
  /** From the snap cgroup of the process, such as `firefox`. */
  readonly snapId?: string;
  /** The command line with the program's own name first; only used when the executable is an interpreter. */
  readonly argv?: readonly string[];
  /** Working directory, to which a relative path in `argv` belongs; without it such a path proves nothing. */
  readonly cwd?: string;
  readonly pid: number;
  /** Start of the process in the system's own unit; tells a reused pid from the first one. */
  readonly startTime?: string;
  readonly ownerUid: number | null;
  /** The file behind `executable` was removed or replaced since the process started. */
  readonly executableDeleted?: boolean;
  /** The caller knows from its process tree that this is a window of its own, such as an approval dialog. */
  readonly isSelf?: boolean;
}

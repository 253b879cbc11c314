/** Programs that a sandbox is made with. */
export const PROGRAMS = [
  'bwrap',
  'bash',
  'unshare',
  'nsenter',
  'setpriv',
  'prlimit',
  'mount',
  'umount',
  'stat',
] as const;
/** The first with `--disable-userns` and `--size`. */
export const MIN_BUBBLEWRAP = '0.8.0';

/** What keeps a sandbox from starting, for a person. */
export interface Lack {
  readonly cause: string;
  /** What mends it: a command, or what to do. */
  readonly fix: string;
}

/** What is known of a machine; contents of files are without their last newline, `null` where there is no file. */
export interface Facts {
  readonly platform: string;
  readonly missing: readonly string[];
  readonly bubblewrap: string | null;
  readonly isRoot: boolean;
  readonly isInContainer: boolean;
  /** This process has a filter of system calls on it. */
  readonly isFiltered: boolean;
  readonly unprivilegedNamespaces: string | null;
  readonly maxNamespaces: string | null;
  readonly apparmorRestricts: string | null;
  /** AppArmor's, of this process: `docker-default (enforce)` or `unconfined`. */
  readonly profile: string | null;
  /** What the sandbox said when it was tried. */
  readonly words: string;
}

/** bubblewrap, of a folder of the sandbox's own. */
const UNENTERED = /Can't find source path (?<folder>\/.*)\/deskhand-sandbox-[^/]*\/.*: Permission denied/;
const REFUSED = /operation not permitted|permission denied|no space left|userns|namespace/i;

/** The most likely reason why a sandbox did not start. */
export function diagnose(facts: Facts): Lack {
  const { platform, missing, bubblewrap, words } = facts;
  if (platform === 'darwin') return onMacOS(facts);
  if (platform !== 'linux') {
    return { cause: `There is no sandbox for ${platform}`, fix: 'Use Linux, or a virtual machine with it' };
  }
  if (missing.length > 0) {
    return {
      cause: `Not installed: ${missing.join(', ')}`,
      fix: 'apt-get install bubblewrap util-linux mount coreutils bash',
    };
  }
  if (bubblewrap !== null && isOlder(bubblewrap, MIN_BUBBLEWRAP)) {
    return {
      cause: `bubblewrap ${bubblewrap} is too old, ${MIN_BUBBLEWRAP} is needed`,
      fix: 'Install a newer one from the distribution: apt-get install bubblewrap',
    };
  }
  const unentered = UNENTERED.exec(words)?.groups?.['folder'];
  if (facts.isRoot && unentered !== undefined) {
    return {
      cause: `The user that the sandbox runs as for root may not enter ${unentered}`,
      fix: 'Start it with TMPDIR=/tmp, or with another folder for temporary files that everybody may enter',
    };
  }
  return (
    (REFUSED.test(words) ? ofNamespaces(facts) : null) ?? { cause: words, fix: 'Report it, with these words' }
  );
}

const onMacOS = ({ missing, words }: Facts): Lack =>
  missing.length === 0
    ? { cause: words, fix: 'Report it, with these words' }
    : { cause: `Not there: /usr/bin/${missing.join(', ')}`, fix: 'It is part of macOS: install that anew' };

/** The system call itself that makes a namespace failed, as unshare and bubblewrap say it. */
const NONE_MADE = /unshare failed|no permissions? to creat|creating new namespace failed/i;
const MOUNT = /mount/i;
const CONFINED = /^(?<name>.+) \((?:enforce|kill|mixed)\)$/;

function ofNamespaces(facts: Facts): Lack | null {
  const { isRoot, isInContainer, isFiltered, unprivilegedNamespaces, maxNamespaces, words } = facts;
  if (maxNamespaces === '0') {
    return {
      cause: 'This kernel allows no user namespaces (user.max_user_namespaces is 0)',
      fix: 'sysctl -w user.max_user_namespaces=15000',
    };
  }
  if (!isRoot && unprivilegedNamespaces === '0') {
    return {
      cause: 'This kernel allows user namespaces to root only (kernel.unprivileged_userns_clone is 0)',
      fix: 'sysctl -w kernel.unprivileged_userns_clone=1',
    };
  }
  const isFilter = isFiltered && NONE_MADE.test(words);
  const ofProfile = isFilter ? null : ofAppArmor(facts);
  if (ofProfile !== null) return ofProfile;
  if (isFilter || (isInContainer && (NONE_MADE.test(words) || MOUNT.test(words)))) {
    const by = isFilter ? ': its filter of system calls (seccomp) refuses them' : '';
    return {
      cause: `The container that this runs in lets it make no namespaces${by}`,
      fix: 'docker run --security-opt seccomp=unconfined --security-opt apparmor=unconfined …, or run it outside',
    };
  }
  return null;
}

/** It lets namespaces be made, and then refuses what makes them useful. */
function ofAppArmor({ isRoot, isInContainer, apparmorRestricts, profile }: Facts): Lack | null {
  const name = CONFINED.exec(profile ?? '')?.groups?.['name'];
  if (name !== undefined) {
    return {
      cause: `The AppArmor profile ${name}, which this process has, keeps it from making a sandbox`,
      fix: isInContainer
        ? 'docker run --security-opt apparmor=unconfined …, or run it outside'
        : `aa-complain ${name}, or give it the rules "userns," and "mount,"`,
    };
  }
  if (isRoot || apparmorRestricts !== '1') return null;
  return {
    cause:
      'AppArmor keeps programs without a profile from making user namespaces (kernel.apparmor_restrict_unprivileged_userns is 1)',
    fix: 'sysctl -w kernel.apparmor_restrict_unprivileged_userns=0, or give unshare a profile with "userns,"',
  };
}

function isOlder(version: string, than: string): boolean {
  const [have, want] = [version, than].map((text) => text.split('.').map(Number));
  for (const [index, part] of (want ?? []).entries()) {
    const mine = have?.[index] ?? 0;
    if (mine !== part) return mine < part;
  }
  return false;
}

/** Files that are secrets by their names. */
const SECRET_FILES: readonly RegExp[] = [
  /^\.env$/i,
  /^\.env\.(?!example$|sample$|template$|dist$|defaults$)[^/]+$/i,
  /^\.envrc$/i,
  /^id_(?:rsa|dsa|ecdsa|ed25519)(?:_sk)?$/i,
  /\.(?:p12|pfx|jks|keystore|kdbx|ppk)$/i,
  /^[._](?:netrc|pgpass|pypirc|git-credentials|htpasswd|dockercfg|vault-token|my\.cnf|s3cfg|boto)$/i,
  /^(?:credentials|client_secret[^/]*|service[-_]account[^/]*|application_default_credentials)\.json$/i,
  /^(?:secrets?|credentials)\.(?:ya?ml|toml|ini)$/i,
  /^(?:master\.key|wallet\.dat|logins\.json|key[34]\.db|login data)$/i,
];
/** Files that are secrets when a private key is in them. */
const KEY_FILES = /\.(?:pem|key)$/i;

/** Folders that are stores of secrets, wherever they are. */
const SECRET_FOLDERS: readonly RegExp[] = [
  /(?:^|\/)\.(?:ssh|gnupg|aws|azure|kube|docker|password-store|mozilla|thunderbird|electrum)$/i,
  /(?:^|\/)\.config\/(?:gcloud|gh|google-chrome|chromium|BraveSoftware|op|rclone)$/i,
  /(?:^|\/)\.local\/share\/(?:keyrings|kwalletd)$/i,
  /(?:^|\/)Library\/(?:Keychains|Cookies)$/i,
];

/** Files that programs run, or take orders from, by themselves. */
const KEPT_FILES: readonly RegExp[] = [
  /^\.(?:bashrc|bash_profile|bash_login|bash_logout|bash_aliases|profile|inputrc)$/i,
  /^\.(?:zshrc|zshenv|zprofile|zlogin|zlogout|kshrc|cshrc|tcshrc)$/i,
  /^\.(?:xprofile|xinitrc|xsession|xsessionrc|pam_environment)$/i,
  /^\.(?:vimrc|gvimrc|exrc|nvimrc|gdbinit|lldbinit|screenrc|tmux\.conf|ripgreprc|wgetrc|curlrc)$/i,
  /^\.(?:gitconfig|gitmodules|mcp\.json|claude\.json|yarnrc|yarnrc\.yml|pnpmfile\.cjs)$/i,
];

/** Folders with such files in them. */
const KEPT_FOLDERS: readonly RegExp[] = [
  /(?:^|\/)\.(?:vscode|idea|cursor|windsurf|claude|gemini|codex|husky|devcontainer)$/i,
  /(?:^|\/)\.config\/(?:autostart|systemd|fish|git|environment\.d|nvim)$/i,
  /(?:^|\/)\.local\/share\/(?:applications|systemd)$/i,
  /(?:^|\/)Library\/Launch(?:Agents|Daemons)$/i,
];

/** What git runs by itself, and what says what it runs; also of submodules and of other work trees. */
const GIT =
  /(?:^|\/)\.git(?:\/(?:modules|worktrees)\/[^/]+)*\/(?:hooks|config|config\.worktree|commondir|gitdir)$/i;

/** `secret`: by name only. `key`: a secret when a private key is in it. `kept`: as it is. */
export type Protection = 'secret' | 'key' | 'kept';

/** What a path is by its last name, whatever is above it. */
export function protectionOfName(path: string, isFolder: boolean): Protection | null {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const fits = (patterns: readonly RegExp[], words: string): boolean =>
    patterns.some((pattern) => pattern.test(words));
  if (GIT.test(path)) return 'kept';
  if (isFolder) {
    if (fits(SECRET_FOLDERS, path)) return 'secret';
    return fits(KEPT_FOLDERS, path) ? 'kept' : null;
  }
  if (fits(SECRET_FILES, name)) return 'secret';
  if (KEY_FILES.test(name)) return 'key';
  return name.toLowerCase() === '.git' || fits(KEPT_FILES, name) ? 'kept' : null;
}

/** What protects a path from a mounted folder, and the part of it that has the name: it, or a folder above it. */
export function protectedPart(
  path: string,
): { readonly part: string; readonly protection: Exclude<Protection, 'key'> } | null {
  const names = path.split('/');
  for (const [index] of names.entries()) {
    const part = names.slice(0, index + 1).join('/');
    const isLast = index === names.length - 1;
    const found = protectionOfName(part, true) ?? (isLast ? protectionOfName(part, false) : null);
    if (found === 'secret' || found === 'kept') return { part, protection: found };
  }
  return null;
}

export const protectionOf = (path: string): Exclude<Protection, 'key'> | null =>
  protectedPart(path)?.protection ?? null;

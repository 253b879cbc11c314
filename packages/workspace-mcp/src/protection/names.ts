/** One for all of them, since every file of a folder is asked about. */
const anyOf = (...patterns: readonly RegExp[]): RegExp =>
  new RegExp(patterns.map(({ source }) => source).join('|'), 'i');

/** Files that are secrets by their names. */
const SECRET_FILES = anyOf(
  /^\.env$/i,
  /^\.env\.(?!example$|sample$|template$|dist$|defaults$)[^/]+$/i,
  /^\.envrc$/i,
  /^id_(?:rsa|dsa|ecdsa|ed25519)(?:_sk)?$/i,
  /\.(?:p12|pfx|jks|keystore|kdbx|ppk)$/i,
  /^[._](?:netrc|pgpass|pypirc|git-credentials|htpasswd|dockercfg|vault-token|my\.cnf|s3cfg|boto)$/i,
  /^(?:credentials|client_secret[^/]*|service[-_]account[^/]*|application_default_credentials)\.json$/i,
  /^(?:secrets?|credentials)\.(?:ya?ml|toml|ini)$/i,
  /^(?:master\.key|wallet\.dat|logins\.json|key[34]\.db|login data)$/i,
);
/** Files that are secrets when a private key is in them. */
const KEY_FILES = /\.(?:pem|key)$/i;

/** Folders that are stores of secrets, wherever they are. */
const SECRET_FOLDERS = anyOf(
  /(?:^|\/)\.(?:ssh|gnupg|aws|azure|kube|docker|password-store|mozilla|thunderbird|electrum)$/i,
  /(?:^|\/)\.config\/(?:gcloud|gh|google-chrome|chromium|BraveSoftware|op|rclone)$/i,
  /(?:^|\/)\.local\/share\/(?:keyrings|kwalletd)$/i,
  /(?:^|\/)Library\/(?:Keychains|Cookies)$/i,
);

/** Files that programs run, or take orders from, by themselves. */
const KEPT_FILES = anyOf(
  /^\.(?:bashrc|bash_profile|bash_login|bash_logout|bash_aliases|profile|inputrc)$/i,
  /^\.(?:zshrc|zshenv|zprofile|zlogin|zlogout|kshrc|cshrc|tcshrc)$/i,
  /^\.(?:xprofile|xinitrc|xsession|xsessionrc|pam_environment)$/i,
  /^\.(?:vimrc|gvimrc|exrc|nvimrc|gdbinit|lldbinit|screenrc|tmux\.conf|ripgreprc|wgetrc|curlrc)$/i,
  /^\.(?:git|gitconfig|gitmodules|mcp\.json|claude\.json|yarnrc|yarnrc\.yml|pnpmfile\.cjs)$/i,
);

/** Folders with such files in them. */
const KEPT_FOLDERS = anyOf(
  /(?:^|\/)\.(?:vscode|idea|cursor|windsurf|claude|gemini|codex|husky|devcontainer)$/i,
  /(?:^|\/)\.config\/(?:autostart|systemd|fish|git|environment\.d|nvim)$/i,
  /(?:^|\/)\.local\/share\/(?:applications|systemd)$/i,
  /(?:^|\/)Library\/Launch(?:Agents|Daemons)$/i,
);

/** What git runs by itself, and what says what it runs; also of submodules and of other work trees. */
const GIT =
  /(?:^|\/)\.git(?:\/(?:modules|worktrees)\/[^/]+)*\/(?:hooks|config|config\.worktree|commondir|gitdir)$/i;
const GIT_NAMES = /^(?:hooks|config|config\.worktree|commondir|gitdir)$/i;

/** `secret`: by name only. `key`: a secret when a private key is in it. `kept`: as it is. */
export type Protection = 'secret' | 'key' | 'kept';

/** What a name is below the folders of its way, which ends in a slash, whatever those are. */
export function protectionOfName(way: string, name: string, isFolder: boolean): Protection | null {
  if (GIT_NAMES.test(name) && GIT.test(way + name)) return 'kept';
  if (isFolder) {
    if (SECRET_FOLDERS.test(way + name)) return 'secret';
    return KEPT_FOLDERS.test(way + name) ? 'kept' : null;
  }
  if (SECRET_FILES.test(name)) return 'secret';
  if (KEY_FILES.test(name)) return 'key';
  return KEPT_FILES.test(name) ? 'kept' : null;
}

/** What protects a path from a mounted folder, and the part of it that has the name: it, or a folder above it. */
export function protectedPart(
  path: string,
): { readonly part: string; readonly protection: Exclude<Protection, 'key'> } | null {
  const names = path.split('/');
  for (const [index, name] of names.entries()) {
    const way = names
      .slice(0, index)
      .map((above) => `${above}/`)
      .join('');
    const isLast = index === names.length - 1;
    const found = protectionOfName(way, name, true) ?? (isLast ? protectionOfName(way, name, false) : null);
    if (found === 'secret' || found === 'kept') return { part: way + name, protection: found };
  }
  return null;
}

export const protectionOf = (path: string): Exclude<Protection, 'key'> | null =>
  protectedPart(path)?.protection ?? null;

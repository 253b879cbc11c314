import { posix } from 'node:path';
import { joinedBytes } from '../files/byte-names.ts';
import { UNKNOWN, type Scope } from './scope.ts';
import type { Field } from './words.ts';

/** What a path is to the person. */
export type Kind =
  /** Everything of something: the system, a home, a mounted folder. */
  | 'all'
  /** A part of what the person mounted. */
  | 'mounted'
  /** Lost at the end anyway. */
  | 'scratch'
  | 'disk'
  | 'device'
  | 'system'
  /** Anything, for what is known. */
  | 'anything';

const QUIET_DEVICES = /^\/dev\/(null|zero|full|u?random|tty|std(in|out|err)|fd\/\d+|shm(\/.*)?|pts\/\d+)$/;
/** A name that stands for everything in a folder. */
const EVERYTHING = /^(\*+|\.\*|\.\[!?\^?\.\]\*|\*\.\*|\?\*|\.\?\?\*)$/;

/** The absolute paths that an argument may mean. */
export function pathsOf({ text }: Pick<Field, 'text'>, scope: Scope): readonly string[] {
  if (text.startsWith('/')) return [normal(text)];
  return scope.cwds.map((cwd) => (cwd === null ? `${UNKNOWN}/${text}` : normal(`${cwd}/${text}`)));
}

/** Where each process has the whole system once more. */
const ROOT = /^(?:\/+proc\/+[\w-]+(?:\/+task\/+\d+)?\/+root)+(?=\/|$)/;

const normal = (path: string): string =>
  posix
    .normalize(posix.normalize(joinedBytes(path).replace(ROOT, '/')).replace(ROOT, '/'))
    .replace(/(.)\/+$/, '$1');

/** The worst that a path may be. */
export function kindOf(field: Field, scope: Scope): Kind {
  const kinds = pathsOf(field, scope).map((path) => kindOfPath(wholeOf(path, field), scope));
  const order: readonly Kind[] = ['disk', 'all', 'anything', 'mounted', 'system', 'device', 'scratch'];
  return order.find((kind) => kinds.includes(kind)) ?? 'anything';
}

/** The folder that `folder/*` takes all of. */
function wholeOf(path: string, { isPattern }: Field): string {
  const at = path.lastIndexOf('/');
  return isPattern && EVERYTHING.test(path.slice(at + 1)) ? path.slice(0, at) || '/' : path;
}

function kindOfPath(path: string, { surroundings: { home, mounts } }: Scope): Kind {
  const known = path.split(UNKNOWN)[0] ?? '';
  if (path.includes(UNKNOWN)) return path.startsWith('/dev/') ? 'disk' : kindOfUnknown(known, mounts);
  if (path === '/dev' || (path.startsWith('/dev/') && !QUIET_DEVICES.test(path))) return 'disk';
  if (path.startsWith('/dev/shm/') || isWithin(path, '/tmp')) return 'scratch';
  if (path.startsWith('/dev/')) return 'device';
  if (mounts.some((mount) => isWithin(mount, path))) return 'all';
  if (path === home || isWithin(home, path)) return 'all';
  if (isWithin(path, home)) return 'scratch';
  if (mounts.some((mount) => isWithin(path, mount))) return 'mounted';
  return path.split('/').length <= 2 ? 'all' : 'system';
}

/** What begins below a part of a mounted folder may still lead up from there. */
const kindOfUnknown = (known: string, mounts: readonly string[]): Kind =>
  mounts.some((mount) => known.startsWith(`${mount}/`) && known.length > mount.length + 1)
    ? 'mounted'
    : 'anything';

function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder === '/' ? '/' : `${folder}/`);
}

const SECRET =
  /(^|\/)(\.env(\.[\w.-]+)?|\.envrc|\.netrc|\.pgpass|\.git-credentials|\.npmrc|\.pypirc|\.htpasswd|id_(rsa|dsa|ecdsa|ed25519)|credentials|\.ssh|\.aws|\.gnupg|\.kube|shadow|gshadow|[^/]*\.(pem|key|p12|pfx|kdbx|keystore|jks|ovpn))($|\/)/;
const NO_SECRET = /(^|\/)\.env\.(example|sample|template|dist)$|\.pub$/;

/** The same behind what is no part of a path, and where a pattern goes on. */
const SECRET_WITHIN =
  /[=@:](?:\.env(?:\.[\w.-]+)?|\.netrc|\.npmrc|id_(?:rsa|dsa|ecdsa|ed25519))$|(?:^|\/)\.env[*?[]/;

/** Names that files with passwords and keys have. */
export const isSecret = (text: string): boolean =>
  (SECRET.test(text) || SECRET_WITHIN.test(text)) && !NO_SECRET.test(text);

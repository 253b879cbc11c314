import { argumentsOf, hasOption } from './arguments.ts';
import { gitEffects } from './git-effects.ts';
import { isSecret, kindOf, pathsOf } from './places.ts';
import { remoteEffects } from './remote-effects.ts';
import { UNKNOWN, type Scope } from './scope.ts';
import { touchesOf } from './touches.ts';
import { ask, changing, deny, harmless, type Effect, type Going } from './verdict.ts';
import type { Field } from './words.ts';

const DISK_INSTEAD = 'Write to a file in a mounted folder.';
const ALL_INSTEAD = 'Name the files and folders that are to go, one level below it or deeper.';

/** Programs that only look, whatever they are given. */
const LOOKING = new Set(
  'ls cat head tail wc grep egrep fgrep zgrep rg cut tr diff cmp comm stat file du df pwd echo printf true false test [ : date whoami id groups uname hostname which type hash basename dirname realpath readlink seq sleep nl tac rev column jq md5sum sha1sum sha224sum sha256sum sha512sum b2sum cksum sum base64 base32 xxd od hexdump strings less more tree ps uptime free nproc lscpu locale tput clear cd pushd popd dirs export declare typeset local readonly unset set shopt read mapfile readarray let shift return exit break continue wait jobs fg bg disown trap ulimit umask getopts alias unalias history help printenv expr bc dc factor fold fmt pr expand unexpand paste join look ldd nm objdump size readelf zcat bzcat xzcat zless pdftotext pdfinfo identify ffprobe exiftool sqlite3-schema man info whatis kill pkill killall pgrep pidof lsof env sort uniq awk gawk mawk sed'.split(
    ' ',
  ),
);

const WIPING =
  /^(mkfs(\..*)?|mke2fs|mkswap|wipefs|fdisk|sfdisk|cfdisk|gdisk|sgdisk|parted|blkdiscard|badblocks|hdparm|nvme|cryptsetup|pvremove|vgremove|lvremove|zpool)$/;
const RIGHTS =
  /^(sudo|su|doas|pkexec|chroot|nsenter|unshare|mount|umount|setcap|capsh|useradd|usermod|passwd|visudo|insmod|modprobe|sysctl|systemctl|service|shutdown|reboot|halt|poweroff|init)$/;

/** What a command does by itself; shells, wrappers and functions are not among them. */
export function effectsOf(name: string, fields: readonly Field[], scope: Scope): readonly Effect[] {
  const isFreed = (field: Field): boolean =>
    pathsOf(field, scope).every((path) => scope.surroundings.isFreed?.(path) === true);
  const secret =
    fields.some((field) => isSecret(field.text) && !isFreed(field)) && name !== 'echo' && name !== 'printf';
  const effects = [
    ...(KNOWN[name]?.(fields, scope) ??
      remoteEffects(name, fields, (field) => overwriting(field, scope)) ?? [ofKind(name)]),
    ...diskWrites(name, fields, scope),
    { ...harmless, touches: touchesOf(name, fields, scope) },
  ];
  return secret ? [...effects, ask('it reads or changes a file that has secrets by its name')] : effects;
}

function ofKind(name: string): Effect {
  if (WIPING.test(name)) return deny(`${name} takes everything from a disk`, DISK_INSTEAD);
  if (RIGHTS.test(name)) return ask(`${name} asks for more rights than this sandbox has`);
  return LOOKING.has(name) ? harmless : changing;
}

const diskWrites = (name: string, fields: readonly Field[], scope: Scope): readonly Effect[] =>
  ['tee', 'cp', 'mv', 'shred', 'install', 'ln', 'truncate'].includes(name) &&
  fields.some((field) => kindOf(field, scope) === 'disk')
    ? [deny('it writes to a disk itself', DISK_INSTEAD)]
    : [];

/** What it means that something goes, with everything in it. */
function removal(field: Field, scope: Scope, how: string): Effect {
  switch (kindOf(field, scope)) {
    case 'all':
      return deny(`${how} everything in ${said(field)}`, ALL_INSTEAD);
    case 'disk':
      return deny(`${how} what a disk has`, DISK_INSTEAD);
    case 'scratch':
    case 'device':
      return harmless;
    case 'anything':
      return ask(`${how} what is not known before it runs: ${said(field)}`);
    case 'mounted':
      return { ...ask(`${how} ${said(field)}`), goes: goingOf(field, scope, true) };
    case 'system':
      return ask(`${how} a part of the system: ${said(field)}`);
  }
}

const goingOf = (field: Field, scope: Scope, isRemoved: boolean): readonly Going[] =>
  pathsOf(field, scope)
    .filter((path) => !path.includes(UNKNOWN))
    .map((path) => ({ path, isPattern: field.isPattern, isRemoved }));

/** What it means that a file gets other content. */
export function overwriting(field: Field, scope: Scope): Effect {
  if (isSecret(field.text)) return ask(`it writes to a file that has secrets by its name: ${said(field)}`);
  if (
    /(^|\/)(\.git\/(hooks\/|config)|\.(bash|zsh|pro)[a-z_]*(rc|file|env|login|logout)$|\.mcp\.json$|\.vscode\/|\.husky\/|\.envrc$)/.test(
      field.text,
    )
  )
    return ask(`it writes to a file that runs by itself later: ${said(field)}`);
  switch (kindOf(field, scope)) {
    case 'disk':
      return deny('it writes to a disk itself', DISK_INSTEAD);
    case 'anything':
      return ask(`it writes to a place that is not known before it runs: ${said(field)}`);
    case 'all':
      return changing;
    case 'mounted':
      return { ...changing, goes: goingOf(field, scope, false) };
    case 'scratch':
    case 'system':
    case 'device':
      return harmless;
  }
}

const said = ({ text }: Field): string => JSON.stringify(text.replaceAll(UNKNOWN, '…'));

type Judge = (fields: readonly Field[], scope: Scope) => readonly Effect[];

const KNOWN: Readonly<Record<string, Judge>> = {
  rm: (fields, scope) => {
    const { options, operands } = argumentsOf(fields);
    const isDeep = hasOption(options, 'rR', '--recursive', '--dir');
    return operands.map((field) => {
      const effect = removal(field, scope, 'it deletes');
      const isOne =
        !isDeep && !field.isPattern && kindOf(field, scope) === 'mounted' && !field.text.includes(UNKNOWN);
      return isOne ? { ...changing, goes: goingOf(field, scope, true) } : effect;
    });
  },
  rmdir: () => [changing],
  unlink: (fields, scope) => KNOWN['rm']?.(fields, scope) ?? [],
  shred: (fields, scope) =>
    argumentsOf(fields, ['-n', '-s']).operands.map((field) => removal(field, scope, 'it destroys')),
  truncate: (fields, scope) =>
    argumentsOf(fields, ['-s', '-r']).operands.map((field) => removal(field, scope, 'it cuts')),
  mv: (fields, scope) => {
    const { operands } = argumentsOf(fields, ['-t', '-S']);
    const moved = operands.length > 1 ? operands.slice(0, -1) : operands;
    const intoNothing = operands.at(-1)?.text === '/dev/null';
    return moved.map((field) => {
      const kind = kindOf(field, scope);
      if (kind === 'all' && !field.isPattern) return removal(field, scope, 'it moves away');
      return intoNothing || field.text.includes(UNKNOWN) ? removal(field, scope, 'it moves away') : changing;
    });
  },
  cp: (fields, scope) =>
    argumentsOf(fields, ['-t', '-S'])
      .operands.slice(-1)
      .map((field) => overwriting(field, scope)),
  install: (fields, scope) =>
    argumentsOf(fields, ['-m', '-o', '-g', '-t'])
      .operands.slice(-1)
      .map((field) => overwriting(field, scope)),
  ln: (fields, scope) =>
    argumentsOf(fields)
      .operands.slice(-1)
      .map((field) => overwriting(field, scope)),
  tee: (fields, scope) => argumentsOf(fields).operands.map((field) => overwriting(field, scope)),
  dd: (fields, scope) =>
    fields
      .filter(({ text }) => text.startsWith('of='))
      .map((field) => overwriting({ ...field, text: field.text.slice(3) }, scope)),
  chmod: (fields, scope) => ofRights(fields, scope),
  chown: (fields, scope) => ofRights(fields, scope),
  chgrp: (fields, scope) => ofRights(fields, scope),
  find: (fields, scope) => finding(fields, scope),
  fd: (fields) => [
    fields.some(({ text }) => /^(-x|-X|--exec|--exec-batch)$/.test(text))
      ? ask('it runs a program for each file it finds')
      : harmless,
  ],
  sort: (fields, scope) => outputs(fields, scope, ['-o', '--output']),
  tree: (fields, scope) => outputs(fields, scope, ['-o']),
  uniq: (fields, scope) =>
    argumentsOf(fields, ['-f', '-s', '-w'])
      .operands.slice(1)
      .map((field) => overwriting(field, scope)),
  sed: (fields) => [
    fields.some(({ text }) => /^(-[a-zA-Z]*i|--in-place)/.test(text)) ? changing : harmless,
    fields.some(({ text }) => /(^|[;\n}/ ])\d*e( |$)|\/[gip0-9]*e[gip0-9]*$/.test(text))
      ? ask('sed runs programs with e')
      : harmless,
  ],
  awk: (fields) => awk(fields),
  gawk: (fields) => awk(fields),
  mawk: (fields) => awk(fields),
  rg: (fields) => [
    fields.some(({ text }) => /^--pre(=|$)|^--hostname-bin/.test(text))
      ? ask('ripgrep runs a program for each file')
      : harmless,
  ],
  tar: (fields, scope) => tar(fields, scope),
  unzip: () => [changing],
  rsync: (fields) => [
    fields.some(({ text }) => /^--(delete|remove-source)/.test(text))
      ? ask('rsync deletes what the other side does not have')
      : changing,
    fields.some(({ text }) => /^[^/]+:|^rsync:/.test(text)) ? ask('rsync reaches other computers') : harmless,
  ],
  git: (fields, scope) => git(fields, scope),
  npm: (fields) => packages(fields, /^(i|install|ci|add|update|publish|exec|audit|view|login)$/),
  npx: () => [ask('npx fetches and runs a program')],
  pnpm: (fields) => packages(fields, /^(i|install|add|update|publish|dlx)$/),
  yarn: (fields) => packages(fields, /^(install|add|upgrade|publish|dlx)$/),
  pip: (fields) => packages(fields, /^(install|download)$/),
  pip3: (fields) => packages(fields, /^(install|download)$/),
  apt: () => [ask('it installs programs')],
  'apt-get': () => [ask('it installs programs')],
  brew: () => [ask('it installs programs')],
  cargo: (fields) => packages(fields, /^(install|publish|add|update)$/),
  hash: (fields) => [
    fields.some(({ text }) => text === '-p') ? ask('it decides which program a name runs') : harmless,
  ],
  kill: (fields) => [
    fields.slice(1).some(({ text }) => text === '-1' || text === '0') || fields[0]?.text === '-1'
      ? ask('it ends all that runs here')
      : harmless,
  ],
  vim: (fields) => editor(fields),
  vi: (fields) => editor(fields),
  nvim: (fields) => editor(fields),
  ex: (fields) => editor(fields),
  ed: (fields) => editor(fields),
  emacs: (fields) => editor(fields),
  crontab: () => [ask('it changes what runs by itself later')],
  at: () => [ask('it changes what runs by itself later')],
};

/** Files that are brought back by their names are replaced, and can be kept first. */
function git(fields: readonly Field[], scope: Scope): readonly Effect[] {
  const effects = gitEffects(fields.map(({ text }) => text));
  const [verb, ...rest] = fields;
  const isOfFiles = verb?.text === 'restore' || (verb?.text === 'checkout' && rest[0]?.text === '--');
  const files = rest.filter(({ text }) => text !== '--');
  const isNamed = ({ text, isPattern }: Field): boolean =>
    !isPattern && /^[\w./ @+-]*\w[\w./ @+-]*$/.test(text) && !/^-|(^|\/)\.\.(\/|$)/.test(text);
  if (!isOfFiles || files.length === 0 || !files.every(isNamed)) return effects;
  return files.map((field) => overwriting(field, scope));
}

function ofRights(fields: readonly Field[], scope: Scope): readonly Effect[] {
  const { options, operands } = argumentsOf(fields);
  if (!hasOption(options, 'R', '--recursive')) return [changing];
  return operands.slice(1).map((field) => {
    const kind = kindOf(field, scope);
    if (kind === 'all') return removal(field, scope, 'it changes the rights of');
    return kind === 'scratch' ? harmless : ask(`it changes the rights of everything in ${said(field)}`);
  });
}

/** Tests of find that leave something out. */
const FILTERS =
  /^-(i?name|i?path|i?regex|mtime|mmin|atime|ctime|newer\w*|size|empty|user|group|perm|inum|links)$/;

function finding(fields: readonly Field[], scope: Scope): readonly Effect[] {
  const at = fields.findIndex(({ text }) => /^[-(!]/.test(text));
  const starts = at === 0 ? [{ text: '.', isPattern: false }] : fields.slice(0, at < 0 ? fields.length : at);
  const tests = fields.slice(at < 0 ? fields.length : at).map(({ text }) => text);
  const run = tests.findIndex((text) => /^-(exec|execdir|ok|okdir)$/.test(text));
  const program = run < 0 ? '' : (tests[run + 1] ?? '');
  const isRemoving = tests.includes('-delete') || /^(.*\/)?(rm|shred|unlink|truncate)$/.test(program);
  const writes = tests.some((text) => /^-f(print|ls)/.test(text));
  if (!isRemoving) {
    if (run >= 0 && !LOOKING.has(program))
      return [ask(`it runs ${JSON.stringify(program)} for each file that it finds`)];
    return [writes ? changing : harmless];
  }
  const isPart = tests.some((text) => FILTERS.test(text));
  return starts.map((field) => {
    const effect = removal(field, scope, 'it deletes');
    return effect.decision === 'deny' && isPart ? ask(`it deletes what it finds in ${said(field)}`) : effect;
  });
}

function outputs(fields: readonly Field[], scope: Scope, names: readonly string[]): readonly Effect[] {
  return fields.flatMap((field, index) => {
    const joined = names.find(
      (name) =>
        field.text.startsWith(`${name}=`) ||
        (name.length === 2 && field.text.startsWith(name) && field.text.length > 2),
    );
    if (joined !== undefined)
      return [overwriting({ ...field, text: field.text.slice(joined.length).replace(/^=/, '') }, scope)];
    const next = fields[index + 1];
    return names.includes(field.text) && next !== undefined ? [overwriting(next, scope)] : [];
  });
}

const awk = (fields: readonly Field[]): readonly Effect[] => [
  fields.some(({ text }) => /system\s*\(|\|\s*getline|\|\s*"|print[^;}]*\|/.test(text))
    ? ask('awk runs programs')
    : fields.some(({ text }) => />\s*["A-Za-z(]/.test(text) && /print/.test(text))
      ? changing
      : harmless,
];

function tar(fields: readonly Field[], scope: Scope): readonly Effect[] {
  if (
    fields.some(({ text }) => /^--(to-command|checkpoint-action|use-compress-program|rsh-command)/.test(text))
  )
    return [ask('tar runs a program')];
  const removes = fields.some(({ text }) => text === '--remove-files');
  const files = fields.filter(({ text }) => !text.startsWith('-'));
  return removes ? files.map((field) => removal(field, scope, 'it deletes, once packed,')) : [changing];
}

const editor = (fields: readonly Field[]): readonly Effect[] => [
  fields.some(({ text }) => /^[-+]/.test(text))
    ? ask('an editor is given commands, and may run programs')
    : changing,
];

const packages = (fields: readonly Field[], fetching: RegExp): readonly Effect[] =>
  fields.some(({ text }) => fetching.test(text)) ? [ask('it fetches programs from the network')] : [changing];

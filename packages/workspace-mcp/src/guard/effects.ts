import { argumentsOf, hasOption } from './arguments.ts';
import { findEffects } from './find-effects.ts';
import { gitEffects } from './git-effects.ts';
import { DISK_INSTEAD, goingOf, overwriting, removal, said } from './losses.ts';
import { LOOKING } from './looking.ts';
import { landingOf, linking, moving } from './transfers.ts';
import { isSecret, kindOf, pathsOf } from './places.ts';
import { remoteEffects } from './remote-effects.ts';
import {
  awkEffects,
  editorEffects,
  makeEffects,
  patchEffects,
  rsyncEffects,
  sevenZipEffects,
  tarEffects,
  unzipEffects,
} from './script-effects.ts';
import { UNKNOWN, type Scope } from './scope.ts';
import { inTable } from './table.ts';
import { touchesOf } from './touches.ts';
import { ask, changing, deny, harmless, type Effect } from './verdict.ts';
import type { Field } from './words.ts';

const WIPING =
  /^(mkfs(\..*)?|mke2fs|mkntfs|mkdosfs|mkexfatfs|mkswap|wipefs|fdisk|sfdisk|cfdisk|gdisk|sgdisk|parted|blkdiscard|badblocks|hdparm|nvme|cryptsetup|pvremove|vgremove|lvremove|zpool)$/;
const RIGHTS =
  /^(sudo|su|doas|pkexec|chroot|nsenter|unshare|mount|umount|setcap|capsh|useradd|usermod|passwd|visudo|insmod|modprobe|sysctl|systemctl|service|shutdown|reboot|halt|poweroff|init)$/;

/** They only look at names. */
const UNREAD = /^(?:echo|printf|test|\[|ls|stat)$/;

/** What a command does by itself; shells, wrappers and functions are not among them. */
export function effectsOf(name: string, fields: readonly Field[], scope: Scope): readonly Effect[] {
  if (fields.length === 1 && /^--(?:version|help)$/.test(fields[0]?.text ?? '')) return [harmless];
  const isFreed = (field: Field): boolean =>
    pathsOf(field, scope).every((path) => scope.surroundings.isFreed?.(path) === true);
  const secret = fields.some((field) => isSecret(field.text) && !isFreed(field)) && !UNREAD.test(name);
  const effects = [
    ...(inTable(KNOWN, name)?.(fields, scope) ??
      packages(name, fields) ??
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

const DISK_WRITERS =
  /^(?:tee|cp|mv|shred|install|ln|truncate|sponge|tar|bsdtar|xxd|qemu-img|openssl|ddrescue|mdadm|rsync|pv|wget|curl)$/;

const diskWrites = (name: string, fields: readonly Field[], scope: Scope): readonly Effect[] =>
  DISK_WRITERS.test(name) && fields.some((field) => kindOf(field, scope) === 'disk')
    ? [deny('it writes to a disk itself', DISK_INSTEAD)]
    : [];

type Judge = (fields: readonly Field[], scope: Scope) => readonly Effect[];

/** With everything in it. */
const goingAway: Judge = (fields, scope) =>
  argumentsOf(fields).operands.map((field) => removal(field, scope, 'it deletes'));

const copyingBlocks: Judge = (fields, scope) =>
  fields
    .filter(({ text }) => text.startsWith('of='))
    .map((field) => overwriting({ ...field, text: field.text.slice(3) }, scope));

/** Its letters that take no value may stand before the one that runs a program. */
const RUN_BY_FD = /^(?:-[HIusigFaLlp0q1]*[xX]|--exec(?:-batch)?(?:=|$))/;

const fdEffects: Judge = (fields) => [
  fields.some(({ text }) => RUN_BY_FD.test(text))
    ? ask('it runs a program for each file it finds')
    : harmless,
];

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
  rimraf: goingAway,
  srm: goingAway,
  wipe: goingAway,
  trash: goingAway,
  'trash-put': goingAway,
  unlink: (fields, scope) => KNOWN['rm']?.(fields, scope) ?? [],
  shred: (fields, scope) =>
    argumentsOf(fields, ['-n', '-s']).operands.map((field) => removal(field, scope, 'it destroys')),
  truncate: (fields, scope) =>
    argumentsOf(fields, ['-s', '-r']).operands.map((field) => removal(field, scope, 'it cuts')),
  mv: moving,
  cp: (fields, scope) => landingOf(fields).targets.map((field) => overwriting(field, scope)),
  install: (fields, scope) => landingOf(fields).targets.map((field) => overwriting(field, scope)),
  ln: linking,
  tee: (fields, scope) => argumentsOf(fields).operands.map((field) => overwriting(field, scope)),
  dd: copyingBlocks,
  dcfldd: copyingBlocks,
  dc3dd: copyingBlocks,
  chmod: (fields, scope) => ofRights(fields, scope),
  chown: (fields, scope) => ofRights(fields, scope),
  chgrp: (fields, scope) => ofRights(fields, scope),
  find: findEffects,
  fd: fdEffects,
  fdfind: fdEffects,
  sort: (fields, scope) => [
    ...outputs(fields, scope, ['-o', '--output']),
    fields.some(({ text }) => text.startsWith('--comp')) ? ask('sort runs a program') : harmless,
  ],
  less: (fields) => [fields.some(({ text }) => /^\+.*!/.test(text)) ? ask('less runs a program') : harmless],
  tree: (fields, scope) => outputs(fields, scope, ['-o']),
  uniq: (fields, scope) =>
    argumentsOf(fields, ['-f', '-s', '-w'])
      .operands.slice(1)
      .map((field) => overwriting(field, scope)),
  awk: awkEffects,
  gawk: awkEffects,
  nawk: awkEffects,
  mawk: awkEffects,
  rg: (fields) => [
    fields.some(({ text }) => /^--pre(=|$)|^--hostname-bin/.test(text))
      ? ask('ripgrep runs a program for each file')
      : harmless,
  ],
  tar: tarEffects,
  unzip: unzipEffects,
  patch: patchEffects,
  '7z': sevenZipEffects,
  zip: (fields) => [
    fields.some(({ text }) => /^(?:-TT|--unzip-command)/.test(text)) ? ask('zip runs a program') : changing,
    hasOption(argumentsOf(fields).options, 'm', '--move') ? ask('zip deletes what it packed') : harmless,
  ],
  cmake: (fields, scope) =>
    fields[0]?.text === '-E' && /^(?:rm|remove|remove_directory)$/.test(fields[1]?.text ?? '')
      ? (KNOWN['rm']?.([{ text: '-rf', isPattern: false }, ...fields.slice(2)], scope) ?? [])
      : [changing],
  chattr: (fields, scope) => ofRights(fields, scope),
  rsync: rsyncEffects,
  git: (fields, scope) => git(fields, scope),
  npx: () => [ask('npx fetches and runs a program')],
  bunx: () => [ask('bunx fetches and runs a program')],
  uvx: () => [ask('uvx fetches and runs a program')],
  apt: () => [ask('it installs programs')],
  'apt-get': () => [ask('it installs programs')],
  brew: () => [ask('it installs programs')],
  hash: (fields) => [
    fields.some(({ text }) => text === '-p') ? ask('it decides which program a name runs') : harmless,
  ],
  kill: (fields) => [
    fields.slice(1).some(({ text }) => text === '-1' || text === '0') || fields[0]?.text === '-1'
      ? ask('it ends all that runs here')
      : harmless,
  ],
  vim: editorEffects,
  vi: editorEffects,
  nvim: editorEffects,
  view: editorEffects,
  vimdiff: editorEffects,
  ex: editorEffects,
  ed: editorEffects,
  emacs: editorEffects,
  make: makeEffects,
  crontab: () => [ask('it changes what runs by itself later')],
  batch: () => [ask('it changes what runs by itself later')],
  at: () => [ask('it changes what runs by itself later')],
};

/** Files that are brought back by their names are replaced, and can be kept first. */
function git(fields: readonly Field[], scope: Scope): readonly Effect[] {
  const effects = [...gitEffects(fields.map(({ text }) => text)), ...outputs(fields, scope, ['--output'])];
  const files = broughtBack(fields);
  const isNamed = ({ text, isPattern }: Field): boolean =>
    !isPattern && /^[\w./ @+-]*\w[\w./ @+-]*$/.test(text) && !/^-|(^|\/)\.\.(\/|$)/.test(text);
  if (files.length === 0 || !files.every(isNamed)) return effects;
  const kept = files.map((field) => overwriting(field, scope));
  return fields[0]?.text === 'restore' ? kept : [...effects, ...kept];
}

/** After `--`, and after what they are brought back from. */
function broughtBack([verb, ...rest]: readonly Field[]): readonly Field[] {
  if (verb?.text === 'restore') return rest.filter(({ text }) => text !== '--');
  if (verb?.text !== 'checkout') return [];
  const dashes = rest.findIndex(({ text }) => text === '--');
  if (dashes >= 0) return rest.slice(dashes + 1);
  return rest.some(({ text }) => text.startsWith('-')) || rest.length < 2 ? rest.slice(0, 0) : rest.slice(1);
}

function ofRights(fields: readonly Field[], scope: Scope): readonly Effect[] {
  const { options, operands } = argumentsOf(fields);
  const isDeep = hasOption(options, 'R', '--recursive');
  const isGiving = /^[ugoa]*\+[rwxXst]+$|^0?7[0-7]{2}$/.test(operands[0]?.text ?? '');
  return operands.slice(1).map((field) => {
    const kind = kindOf(field, scope);
    if (!isDeep)
      return kind === 'all' && !isGiving ? ask(`it changes the rights of all in ${said(field)}`) : changing;
    if (kind === 'all') return removal(field, scope, 'it changes the rights of');
    return kind === 'scratch' ? harmless : ask(`it changes the rights of everything in ${said(field)}`);
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

/** What has a program fetch others, unless it is to run something. */
const FETCHING: Readonly<Record<string, RegExp>> = {
  npm: /^(i|in|install|ci|cit|it|add|update|up|publish|exec|x|create|audit|view|login)$/,
  pnpm: /^(i|install|add|update|up|publish|dlx|create)$/,
  yarn: /^(install|add|upgrade|up|publish|dlx|create)$/,
  bun: /^(i|install|add|update|x|create|publish)$/,
  pip: /^(install|download)$/,
  pip3: /^(install|download)$/,
  pipx: /^(install|run|upgrade)$/,
  uv: /^(add|sync|lock|install|tool|publish|--with)$/,
  poetry: /^(install|add|update|lock|publish)$/,
  bundle: /^(install|update|add)$/,
  gem: /^(install|update|push)$/,
  composer: /^(install|require|update|create-project)$/,
  cargo: /^(install|publish|add|update|fetch)$/,
  go: /^(get|install|download)$/,
  conda: /^(install|create|update)$/,
};
const RUNNING = /^(?:run|run-script|test|t|start|build|bench|check)$/;

export function packages(name: string, fields: readonly Field[]): readonly Effect[] | undefined {
  const fetching = inTable(FETCHING, name);
  if (fetching === undefined) return undefined;
  // behind an option it may be the value of that
  const isRunning = RUNNING.test(fields[0]?.text ?? '') && !/^(?:uv|pipx)$/.test(name);
  const own = isRunning ? [] : fields;
  return own.some(({ text }, at) => fetching.test(text) && (text !== 'x' || at === 0))
    ? [ask('it fetches programs from the network')]
    : [changing];
}

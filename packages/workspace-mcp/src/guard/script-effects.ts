import { DISK_INSTEAD, filling, overwriting, removal } from './losses.ts';
import { UNKNOWN, type Scope } from './scope.ts';
import { ask, changing, deny, harmless, type Effect } from './verdict.ts';
import type { Field } from './words.ts';

// Programs that do what a text in the line tells them, which may be to run others.

/** A file that awk is to write. */
const ONTO_DISK = />\s*"\/dev\/(?:sd|hd|vd|xvd|nvme|mmcblk|disk|mapper)/;

export const awkEffects = (fields: readonly Field[], scope: Scope): readonly Effect[] => [
  ...(fields.some(({ text }) => ONTO_DISK.test(text))
    ? [deny('it writes to a disk itself', DISK_INSTEAD)]
    : []),
  ...(fields.some(({ text }) => text === 'inplace') ? [changing] : []),
  ...fields.flatMap(({ text }) =>
    Array.from(text.matchAll(/>\s*"([^"\\]+)"/g), ([, file = '']) =>
      overwriting({ text: file, isPattern: false }, scope),
    ).filter(() => text.includes('print')),
  ),
  fields.some(({ text }) => RUN_BY_AWK.test(withoutTexts(text)))
    ? ask('awk runs programs')
    : fields.some(({ text }) => />\s*["A-Za-z(]/.test(text) && /print/.test(text))
      ? changing
      : harmless,
];

const RUN_BY_AWK =
  /system\s*\(|\|&|\|\s*getline|\|\s*"|print[^;}]*\||@load|@\w+\s*\(|^(?:-f)?(?:\/dev\/(?:stdin|fd\/\d+)|-)$/;

/** Where there is no slash, and so no expression, it is certain where a text begins. */
const withoutTexts = (script: string): string =>
  script.includes('/') ? script : script.replaceAll(/"(?:\\.|[^"\\])*"/gs, '""');

/** Whether what it makes stands in the line, or comes through a pipe. */
const isGiven = (fields: readonly Field[]): boolean =>
  fields.some(({ text }) => /^--eval|\$\(shell|^--(?:make)?file=(?:-|\/dev\/.*)$|^-f-$/.test(text)) ||
  /(?:^| )(?:-[a-zA-Z]*f|--(?:make)?file) (?:-|\/dev\/\S+)(?: |$)/.test(
    fields.map(({ text }) => text).join(' '),
  );

export const makeEffects = (fields: readonly Field[]): readonly Effect[] => [
  isGiven(fields) ? ask('make runs what is given in the line') : changing,
];

/** Also shortened, as GNU's options may be. */
const RUN_BY_TAR = /^--(?:to-c|checkpoint-a|use|rsh|rmt|info-s|new-vol)|^-[a-zA-Z]*[IF]/;
const PACKS = /^(?:zstd|gzip|pigz|bzip2|pbzip2|xz|lz4|lzip|lzop|brotli)(?: -[\w-]+)*$/;

/** Of an option: joined to it, or the next word. */
const valueOf = (fields: readonly Field[], at: number): string =>
  /^--[a-z-]+=(.*)$|^-[a-zA-Z]*?I(.+)$/s
    .exec(fields[at]?.text ?? '')
    ?.slice(1)
    .join('') ??
  fields[at + 1]?.text ??
  '';

export function tarEffects(fields: readonly Field[], scope: Scope): readonly Effect[] {
  if (fields.some(({ text }, at) => RUN_BY_TAR.test(text) && !PACKS.test(valueOf(fields, at))))
    return [ask('tar runs a program')];
  const removes = fields.some(({ text }) => text === '--remove-files');
  const files = fields.filter(({ text }) => !text.startsWith('-'));
  if (removes) return files.map((field) => removal(field, scope, 'it deletes, once packed,'));
  const isUnpacking = fields.some(({ text }, at) =>
    /^--(?:ex|ge)|^-[a-zA-Z]*x/.test(at === 0 && !text.startsWith('-') ? `-${text}` : text),
  );
  return [isUnpacking ? filled(fields, /^(?:-[a-zA-Z]*C|--dir[a-z]*=?)/, scope) : changing];
}

/** Files come into the folder that an option names, joined to it or after it; else into the one that it runs in. */
function filled(fields: readonly Field[], option: RegExp, scope: Scope): Effect {
  const at = fields.findIndex(({ text }) => option.test(text));
  const folder = at < 0 ? '.' : fields[at]?.text.replace(option, '') || (fields[at + 1]?.text ?? '.');
  return folder.includes(UNKNOWN) ? changing : filling(folder, scope);
}

/** What unpacks an archive or puts changes into files, unless it is to tell what it would do. */
const unpacking =
  (telling: RegExp) =>
  (fields: readonly Field[], scope: Scope): readonly Effect[] => [
    fields.some(({ text }) => telling.test(text))
      ? changing
      : filled(fields, /^(?:-d|-o(?=.)|--directory=?)/, scope),
  ];

export const unzipEffects = unpacking(/^-[a-zA-Z]*[ltpvzZ][a-zA-Z]*$/);
export const patchEffects = unpacking(/^--dry-run$/);
export const sevenZipEffects = unpacking(/^[lt]$/);

export function rsyncEffects(fields: readonly Field[], scope: Scope): readonly Effect[] {
  const has = (pattern: RegExp): boolean => fields.some(({ text }) => pattern.test(text));
  const places = fields.filter(({ text }) => !text.startsWith('-'));
  const target = places.at(-1)?.text ?? UNKNOWN;
  const isKept = places.length > 1 && !has(/^--dry-run$|^-[a-zA-Z]*n/) && !/[\0:]/.test(target);
  return [
    has(/^-[a-zA-Z]*e$|^--(?:rsh|rsync-path)/) ? ask('rsync runs a program') : harmless,
    has(/^--(?:del|remove-source)/) ? ask('rsync deletes what the other side does not have') : changing,
    has(/^[^/]+:|^rsync:/) ? ask('rsync reaches other computers') : harmless,
    ...(isKept ? [filling(target, scope)] : []),
  ];
}

export const editorEffects = (fields: readonly Field[]): readonly Effect[] => [
  fields.some(({ text }) => /^[-+]/.test(text))
    ? ask('an editor is given commands, and may run programs')
    : changing,
];

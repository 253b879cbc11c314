import { DISK_INSTEAD, filling, overwriting, removal } from './losses.ts';
import { UNKNOWN, type Scope } from './scope.ts';
import { ask, changing, deny, harmless, type Effect } from './verdict.ts';
import type { Field } from './words.ts';

// Programs that do what a text in the line tells them, which may be to run others.

/** A file that awk or sed is to write. */
const ONTO_DISK = /(?:>\s*"|[wW]\s*)\/dev\/(?:sd|hd|vd|xvd|nvme|mmcblk|disk|mapper)/;

/** `e` where a command of sed is, or as a flag of `s`. */
const RUN_BY_SED = /(?:^|[;\n{}!$=\d][IM]*)\s*e(?:[\s;}]|$)|s\/[a-zA-Z\d]*e/;
/** The same where what it runs is joined to it, which is not told from a text that is put in. */
const RUN_BY_SED_JOINED = /(?:^|[;\n{}!$\d][IM]*)\s*e\w/;
/** What `a`, `i` and `c` put in, or where `r` and `w` go: to the end of the line. */
const SED_TEXT = /(^|[;\n{}!$\d])\s*[aicrw](?=[ \t\\])(?:\\\n|[^\n])*/g;

const WRITTEN_BY_SED = /(?:^|[;\n{}/ =!$\d])[wW][ \t]*([^\s;}]+)/g;

/** A script of sed without what is looked for and put in. */
const bareOf = (script: string): string =>
  script.replaceAll(
    /\/(?:\\.|[^/\\\n])*\/|(?<![a-zA-Z])([sy])([^\w\s\\])(?:\\.|(?!\2)[^\\])*\2(?:\\.|(?!\2)[^\\])*\2|\\([^\w\s\\])(?:\\.|(?!\3)[^\\\n])*\3/gs,
    (_, command: string | undefined) => (command === undefined ? '1' : `${command}/`),
  );

/** The scripts that sed is given, and the files that it goes through. */
function partsOfSed(fields: readonly Field[]): { scripts: readonly string[]; files: readonly Field[] } {
  const given: string[] = [];
  const operands: Field[] = [];
  let next: 'script' | 'width' | null = null;
  for (const field of fields) {
    const [, long, joined] = /^(?:-[nErsuz]*[ef]|(--(?:e|fi)[a-z]*=?))(.*)$/s.exec(field.text) ?? [];
    const isWidth = /^(?:-[nErsuz]*l|--li[a-z-]*)$/.test(field.text);
    if (next !== null) {
      if (next === 'script') given.push(field.text);
      next = null;
    } else if (joined !== undefined && joined !== '') given.push(joined);
    else if (joined === '' && long?.endsWith('=') !== true) next = 'script';
    else if (isWidth) next = 'width';
    else if (!/^-./.test(field.text)) operands.push(field);
  }
  const [first, ...rest] = operands;
  return given.length > 0
    ? { scripts: given, files: operands }
    : { scripts: [first?.text ?? ''], files: rest };
}

/** Its `w` writes, and its `e` runs. */
export function sedEffects(fields: readonly Field[], scope: Scope): readonly Effect[] {
  const has = (pattern: RegExp): boolean => fields.some(({ text }) => pattern.test(text));
  const { scripts, files } = partsOfSed(fields);
  const isRunning = scripts
    .map(bareOf)
    .some((text) => RUN_BY_SED.test(text) || RUN_BY_SED_JOINED.test(text.replaceAll(SED_TEXT, '$1')));
  return [
    ...(has(/^(?:-[a-zA-Z]*i|--in-place)/) ? files.map((field) => overwriting(field, scope)) : []),
    ...scripts.flatMap((text) =>
      Array.from(text.matchAll(WRITTEN_BY_SED), ([, file = '']) =>
        overwriting({ text: file, isPattern: false }, scope),
      ),
    ),
    ...(has(ONTO_DISK) ? [deny('it writes to a disk itself', DISK_INSTEAD)] : []),
    isRunning ? ask('sed runs programs with e') : harmless,
  ];
}

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

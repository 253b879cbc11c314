import { argumentsOf } from './arguments.ts';
import { DISK_INSTEAD, overwriting, removal } from './losses.ts';
import type { Scope } from './scope.ts';
import { ask, changing, deny, harmless, type Effect } from './verdict.ts';
import type { Field } from './words.ts';

// Programs that do what a text in the line tells them, which may be to run others.

/** A file that awk or sed is to write. */
const ONTO_DISK = /(?:>\s*"|[wW]\s*)\/dev\/(?:sd|hd|vd|xvd|nvme|mmcblk|disk|mapper)/;

/** `e` where a command of sed is, or as a flag of `s`. */
const RUN_BY_SED = /(?:^|[;\n{}!$=\d])\s*e(?:[\s;}]|$)|s\/[a-zA-Z\d]*e/;

/** A script of sed without what is looked for and put in. */
const bareOf = (script: string): string =>
  script.replaceAll(
    /\/(?:\\.|[^/\\\n])*\/|(?<![a-zA-Z])([sy])([^\w\s\\])(?:\\.|(?!\2)[^\\])*\2(?:\\.|(?!\2)[^\\])*\2/gs,
    (_, command: string | undefined) => (command === undefined ? '1' : `${command}/`),
  );

/** Its `w` writes, and its `e` runs. */
export function sedEffects(fields: readonly Field[], scope: Scope): readonly Effect[] {
  const has = (pattern: RegExp): boolean => fields.some(({ text }) => pattern.test(text));
  const { options, operands } = argumentsOf(fields, ['-e', '-f', '-l', '--expression', '--file']);
  const hasScript = options.some((option) => /^(?:-[a-zA-Z]*[ef]|--expression|--file)/.test(option));
  const isInPlace = has(/^(?:-[a-zA-Z]*i|--in-place)/);
  return [
    ...(isInPlace ? operands.slice(hasScript ? 0 : 1).map((field) => overwriting(field, scope)) : []),
    has(/(?:^|[;\n}/ =])[wW] ?\S/) ? changing : harmless,
    ...(has(ONTO_DISK) ? [deny('it writes to a disk itself', DISK_INSTEAD)] : []),
    fields.some(({ text }) => RUN_BY_SED.test(bareOf(text))) ? ask('sed runs programs with e') : harmless,
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
  return removes ? files.map((field) => removal(field, scope, 'it deletes, once packed,')) : [changing];
}

export const editorEffects = (fields: readonly Field[]): readonly Effect[] => [
  fields.some(({ text }) => /^[-+]/.test(text))
    ? ask('an editor is given commands, and may run programs')
    : changing,
];

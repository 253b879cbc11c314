import { argumentsOf } from './arguments.ts';
import { DISK_INSTEAD, overwriting, removal } from './losses.ts';
import type { Scope } from './scope.ts';
import { ask, changing, deny, harmless, type Effect } from './verdict.ts';
import type { Field } from './words.ts';

// Programs that do what a text in the line tells them, which may be to run others.

/** A file that awk or sed is to write. */
const ONTO_DISK = /(?:>\s*"|[wW]\s*)\/dev\/(?:sd|hd|vd|xvd|nvme|mmcblk|disk|mapper)/;

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
    has(/(^|[;\n}/ =])\d*e( |$)|\/[gip0-9]*e[gip0-9]*$/) ? ask('sed runs programs with e') : harmless,
  ];
}

export const awkEffects = (fields: readonly Field[]): readonly Effect[] => [
  ...(fields.some(({ text }) => ONTO_DISK.test(text))
    ? [deny('it writes to a disk itself', DISK_INSTEAD)]
    : []),
  ...(fields.some(({ text }) => text === 'inplace') ? [changing] : []),
  fields.some(({ text }) =>
    /system\s*\(|\|\s*getline|\|\s*"|print[^;}]*\||@load|^(?:-f)?(?:\/dev\/(?:stdin|fd\/\d+)|-)$/.test(text),
  )
    ? ask('awk runs programs')
    : fields.some(({ text }) => />\s*["A-Za-z(]/.test(text) && /print/.test(text))
      ? changing
      : harmless,
];

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

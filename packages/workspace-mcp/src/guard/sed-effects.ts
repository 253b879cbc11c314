import type { Around } from './code-effects.ts';
import { DISK_INSTEAD, overwriting } from './losses.ts';
import { isSecret, pathsOf } from './places.ts';
import { sedScript } from './sed-script.ts';
import { UNKNOWN } from './scope.ts';
import { withUnknown } from './shell-state.ts';
import { ask, deny, harmless, type Effect } from './verdict.ts';
import type { Field } from './words.ts';

/** A call of sed, by its words. */
interface SedCall {
  /** All scripts in the line, each a line of it; a comment stands for one that is in a file. */
  readonly script: string;
  readonly scriptFiles: readonly Field[];
  readonly files: readonly Field[];
  readonly isGiven: boolean;
  readonly isInPlace: boolean;
  /** A script, if words that are not known before turn out to be none, or options end where an operand is. */
  readonly perhaps: string;
}

const SHORT = /^-[bsnrzuE]*([efilV])(.*)$/s;
const LONG = /^--(e|f(?=i)|l|i)[a-z-]*(?:=(.*))?$/s;
const ONTO_DISK = /[wW]\s*\/dev\/(?:sd|hd|vd|xvd|nvme|mmcblk|disk|mapper)/;
const STDIN = /^(?:-|\/dev\/stdin|\/dev\/fd\/0)$/;

interface Option {
  /** As a short one has it; none for one that decides nothing here. */
  readonly letter: string;
  /** `null` where it is the next word. */
  readonly value: string | null;
}

function optionOf(text: string): Option {
  const [, letter = '', joined = ''] = SHORT.exec(text) ?? [];
  if (letter !== '') return { letter, value: joined || null };
  const [, long = '', value = null] = LONG.exec(text) ?? [];
  return { letter: long, value };
}

function callOf(fields: readonly Field[]): SedCall {
  const [scripts, scriptFiles, operands]: [string[], Field[], Field[]] = [[], [], []];
  let [isInPlace, isOver] = [false, false];
  for (let at = 0; at < fields.length; at += 1) {
    const field = fields[at] ?? { text: '', isPattern: false };
    const { letter, value } = optionOf(field.text);
    if (isOver || !/^-./.test(field.text)) operands.push(field);
    else if (field.text === '--') isOver = true;
    else if (letter === 'i') isInPlace = true;
    else if (letter !== '') {
      const text = value ?? fields[(at += 1)]?.text ?? '';
      if (letter === 'e') scripts.push(text);
      if (letter !== 'f') continue;
      scripts.push('#');
      scriptFiles.push({ text, isPattern: false });
    }
  }
  const isGiven = scripts.length > 0;
  const first = operands.find(({ text }) => !text.startsWith(UNKNOWN));
  return {
    script: isGiven ? scripts.join('\n') : (operands[0]?.text ?? ''),
    perhaps: first?.text ?? '',
    files: isGiven ? operands : operands.slice(1),
    scriptFiles,
    isGiven,
    isInPlace,
  };
}

/** The files that have scripts for sed, but for the one that it is given. */
export const scriptFilesOfSed = (fields: readonly Field[]): readonly Field[] =>
  callOf(fields).scriptFiles.filter(({ text }) => !STDIN.test(text));

/** Its `w` writes, and its `e` runs. */
export function sedEffects(fields: readonly Field[], stdin: string, around: Around): readonly Effect[] {
  const { script, perhaps, files, scriptFiles, isGiven, isInPlace } = callOf(fields);
  const mayBe = !isGiven || around.scope.variables.has('POSIXLY_CORRECT');
  const isRunning = mayBe && perhaps !== script && sedScript(perhaps).runs.length > 0;
  return [
    ...(isInPlace ? files.map((field) => overwriting(field, around.scope)) : []),
    ...sedScriptEffects(script, around),
    ...(scriptFiles.some(({ text }) => STDIN.test(text)) ? sedFileEffects(stdin, around) : []),
    isRunning ? RUNNING : harmless,
  ];
}

/** What a script does that is in a file. */
export const sedFileEffects = (script: string, around: Around): readonly Effect[] => [
  script.includes(UNKNOWN) ? ask('sed is given a script that is not known before') : harmless,
  ...sedScriptEffects(script, around),
];

const RUNNING = ask('sed runs programs with e');

function sedScriptEffects(script: string, { scope, apart }: Around): readonly Effect[] {
  const { runs, writes, reads, isUnderstood } = sedScript(script);
  const isFreed = (text: string): boolean =>
    pathsOf({ text }, scope).every((path) => scope.surroundings.isFreed?.(path) === true);
  const started = runs.flatMap((run) => apart(run.replaceAll(UNKNOWN, '"$__unknown"'), withUnknown(scope)));
  return [
    ...writes.map((text) => overwriting({ text, isPattern: false }, scope)),
    ...started.filter(({ decision }) => decision === 'deny'),
    ...(runs.length > 0 ? [RUNNING] : []),
    ...(isUnderstood ? [] : [ask('what sed is given cannot be understood')]),
    ...(!isUnderstood && ONTO_DISK.test(script) ? [deny('it writes to a disk itself', DISK_INSTEAD)] : []),
    ...(reads.some((text) => isSecret(text) && !isFreed(text))
      ? [ask('sed reads a file that has secrets by its name')]
      : []),
  ];
}

import { environmentEffects, shellVariableEffects } from './inline-effects.ts';
import { COUNTING, runsWhenCounted } from './inner-commands.ts';
import { printed } from './printed.ts';
import { UNKNOWN, type Scope } from './scope.ts';
import { cwdsAfter, setPositions, withUnknown } from './shell-state.ts';
import { ask, harmless, type Effect } from './verdict.ts';
import type { Field } from './words.ts';

/** What a builtin may have the rest of the shell do. */
export interface BuiltinShell {
  readonly effects: Effect[];
  source(script: string, scope: Scope): string;
  /** A script of which parts may not be known. */
  unknownOr(script: string, scope: Scope): string;
  /** What a variable may have in it. */
  note(text: string): void;
  /** What is read from elsewhere. */
  given(text: string): void;
  /** A file that is run. */
  file(file: Field, args: readonly Field[], scope: Scope): void;
  isKnown(file: Field, scope: Scope): boolean;
}

interface Call {
  readonly name: string;
  readonly rest: readonly Field[];
  readonly scope: Scope;
  readonly stdin: string;
}

/** Does what a builtin does to the shell; gives what it prints, `null` where it is none of them. */
export function builtin({ name, rest, scope, stdin }: Call, shell: BuiltinShell): string | null {
  if (COUNTING.test(name) && rest.some(({ text }) => runsWhenCounted(text))) shell.effects.push(RUNS_INDEX);
  switch (name) {
    case 'eval':
      return evaluated(rest.map(({ text }) => text).join(' '), scope, shell);
    case 'source':
    case '.':
      if (/^\/dev\/(?:stdin|fd\/0)$/.test(rest[0]?.text ?? '')) return evaluated(stdin, scope, shell);
      if (rest[0] !== undefined) shell.file(rest[0], rest.slice(1), scope);
      if (rest[0] === undefined || !shell.isKnown(rest[0], scope))
        shell.effects.push(ask('the shell runs a file as if it were typed'));
      shell.effects.push({ ...harmless, changes: true });
      scope.forget();
      return UNKNOWN;
    case 'trap':
      if (rest.length > 1) shell.unknownOr(rest.find(({ text }) => text !== '--')?.text ?? '', scope.copy());
      return '';
    case 'cd':
    case 'pushd':
      scope.cwds = cwdsAfter(rest, scope, name === 'pushd');
      return '';
    case 'pwd':
      return rest.length > 0 || scope.cwds.length > 1 ? UNKNOWN : `${scope.cwds[0] ?? UNKNOWN}\n`;
    case 'popd':
      scope.cwds = [null];
      return '';
    case 'alias':
      for (const { text } of rest) {
        const at = text.indexOf('=');
        if (at <= 0) continue;
        const [one, is] = [text.slice(0, at), text.slice(at + 1)];
        scope.aliases.set(one, [...new Set([...(scope.aliases.get(one) ?? []), is])]);
        // like a function: it may take the place of any word of the shell
        shell.source(text.slice(at + 1).replaceAll(UNKNOWN, '"$__unknown"'), withUnknown(scope));
      }
      return '';
    case 'export':
    case 'declare':
    case 'typeset':
    case 'local':
    case 'readonly':
      declare({ name, rest, scope }, shell);
      return '';
    case 'read':
    case 'mapfile':
    case 'readarray':
    case 'let':
    case 'getopts':
      shell.note(stdin.trim());
      shell.given(stdin);
      for (const { text } of rest.filter((field) => /^[A-Za-z_]\w*$/.test(field.text))) {
        scope.variables.set(text, UNKNOWN);
        shell.effects.push(...shellVariableEffects(text, UNKNOWN));
      }
      return '';
    case 'enable':
      if (rest.some(({ text }) => /^-[a-z]*f/.test(text)))
        shell.effects.push(ask('the shell loads a part of itself from a file'));
      return '';
    case 'bind':
      if (rest.some(({ text }) => /^-[a-z]*x/.test(text)))
        shell.effects.push(ask('a key is to run a command'));
      return '';
    case 'set':
      setAnew(rest, scope);
      return '';
    case 'shift':
      for (let position = 1; position <= 9; position += 1) scope.variables.set(`${position}`, UNKNOWN);
      return '';
    case 'unset':
      unset(rest, scope);
      return '';
    case 'printf':
      if (/^-v/.test(rest[0]?.text ?? '')) {
        const isApart = rest[0]?.text === '-v';
        scope.variables.set((isApart ? rest[1]?.text : rest[0]?.text.slice(2)) ?? '', UNKNOWN);
        shell.note(printed(name, rest.slice(isApart ? 2 : 1), stdin));
        return '';
      }
      return printed(name, rest, stdin);
    default:
      return null;
  }
}

export const RUNS_INDEX = ask('a command runs when the shell counts with what is given');

function evaluated(script: string, scope: Scope, shell: BuiltinShell): string {
  if (!script.includes(UNKNOWN)) return shell.source(script, scope);
  shell.effects.push(ask('a shell runs what is not known before'));
  const text = shell.source(script.replaceAll(UNKNOWN, '"$__unknown"'), withUnknown(scope));
  scope.forget();
  return text;
}

/** `set WORDS`, with options before them or not. */
function setAnew(rest: readonly Field[], scope: Scope): void {
  const first = rest.findIndex(
    ({ text }, at) =>
      text === '--' || (!/^[-+]/.test(text) && !/^[-+][a-zA-Z]*o$/.test(rest[at - 1]?.text ?? '')),
  );
  if (first >= 0) setPositions(scope, rest.slice(rest[first]?.text === '--' ? first + 1 : first));
}

/** A name that is no variable may be a function, which goes then. */
function unset(rest: readonly Field[], scope: Scope): void {
  const isFunction = rest.some(({ text }) => /^-[a-z]*f/.test(text));
  for (const { text } of rest) {
    if (isFunction) scope.functions.delete(text);
    else if (scope.functions.has(text)) scope.functions.set(text, [...scope.bodies(text), null]);
    if (!isFunction) scope.set(text, '');
  }
}

function declare({ name: how, rest, scope }: Omit<Call, 'stdin'>, { effects }: BuiltinShell): void {
  const isFixing = how === 'readonly' || rest.some(({ text }) => /^-[a-zA-Z]*r/.test(text));
  const isHiding = rest.some(({ text }) => (how === 'export' ? /^-[a-zA-Z]*n/ : /^\+[a-zA-Z]*x/).test(text));
  const isExporting = !isHiding && (how === 'export' || rest.some(({ text }) => /^-[a-zA-Z]*x/.test(text)));
  if (rest.some(({ text }) => /^-[a-zA-Z]*n/.test(text)))
    effects.push(ask('a variable stands for another one'));
  for (const { text } of rest) {
    const [name = '', ...values] = text.split('=');
    const value = values.length === 0 ? scope.value(name) : values.join('=');
    effects.push(...environmentEffects(name, value));
    if (values.length > 0) scope.set(name, value);
    else scope.declared.add(name);
    if (isFixing) scope.fixed.add(name);
    if (isExporting) scope.exported.add(name);
    if (isHiding) scope.exported.delete(name);
  }
}

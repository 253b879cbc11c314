import { codeEffects, withoutTemplates, type Around } from './code-effects.ts';
import { interpreterOf, sourceOf } from './interpreters.ts';
import { sedFileEffects } from './sed-effects.ts';
import { UNKNOWN } from './scope.ts';
import { inTable } from './table.ts';
import { ask, deny, harmless, type Effect } from './verdict.ts';
import type { Field } from './words.ts';

const INLINE_RISKS =
  /\bsystem\b(?!\(\))|subprocess|popen|exec|spawn|child_process|rmtree|unlink|rmSync|rmdir|remove|truncate|socket|urllib|requests|fetch\(|https?:|eval(?!\(\))|`|chmod|getattr|__import__|import_module|runpy|symlink|base64|\brm\b|rm_r|\b(?:File|Dir|FileUtils)\.|passthru|%x[([{]|proc_open|\bqx\b|\bzx\b/i;

const BOMB = /fork\b[^;]*\bwhile\b|\bwhile\b.*\bfork|fork\s*(?:\(\)\s*)?(?:while|until)|:\s*os\.fork\(\)/s;

const PRINTED = /^\/dev\/fd\/\d+$/;

interface Given {
  readonly rest: readonly Field[];
  readonly stdin: string;
}

/** What an interpreter does with a program that it is given in the line or on stdin; `null` for other programs. */
export function inlineEffects(
  name: string,
  { rest, stdin }: Given,
  around: Around,
): readonly Effect[] | null {
  const language = interpreterOf(name);
  if (language === null) return null;
  if (rest.length > 0 && rest.every(({ text }) => /^(-v|-V|--version|-h|--help)$/.test(text))) return [];
  const { inLine, file, isOfStdin } = sourceOf(language, rest);
  const code = inLine ?? (isOfStdin ? stdin : '');
  if (inLine === null && !isOfStdin && PRINTED.test(file))
    return [ask(`${name} runs what another program prints`)];
  if (BOMB.test(code))
    return [deny('it starts itself over and over, until nothing else can run', 'Give it an end.')];
  const isRisky = code.includes(UNKNOWN) || INLINE_RISKS.test(withoutTemplates(language, code));
  return [
    isRisky
      ? ask(`${name} runs a program that is given in the line, and starts or deletes things`)
      : { ...harmless, changes: true },
    ...codeEffects(language, code, around),
  ];
}

/** Programs with a language of their own, which can start others. */
const LANGUAGES =
  /^(?:expect|tclsh|wish|gdb|lldb|Rscript|R|julia|guile|octave|gnuplot|osascript|jshell|ghci|groovy|elixir|erl|racket|sbcl|ocaml|pwsh|swipl|luajit)$/;
const IN_LINE = /^-(?:c|e|x|ex|r)$|^-?-(?:eval|ex|execute|expr|command|exec)(?:=|$)/;
/** What has such a program start a shell: `!` of editors, `.shell` of sqlite3, `\\!` of psql and mysql. */
const ESCAPING = /^(?:ed|ex|sqlite3|psql|mysql|mariadb|dc|gnuplot|m4|bc)$/;
const ESCAPE = /(?:^|\n)\s*[\d,$%.]*\s*(?:[rwe]\s*)?!|\.(?:shell|system)\b|\\!|\bsys(?:tem|cmd)\s*\(/;

/** Its options may be shortened, and written large. */
const IN_LINE_OF_PWSH = /^-(?:c|co|com\w*|cwa|e|ec|enc\w*)$/i;

/** What a program with a language of its own is given to start. */
export function languageEffects(name: string, rest: readonly Field[], stdin: string): readonly Effect[] {
  const option = name === 'pwsh' ? IN_LINE_OF_PWSH : IN_LINE;
  if (LANGUAGES.test(name) && rest.some(({ text }) => option.test(text)))
    return [ask(`${name} runs a program that is given in the line`)];
  if (ESCAPING.test(name) && [stdin, ...rest.map(({ text }) => text)].some((text) => ESCAPE.test(text)))
    return [ask(`${name} starts a program by what it is given`)];
  return [];
}

/** What in a file is worth a question: what deletes, or starts a shell. */
const FILE_RISKS =
  /rmtree|\brm_r|\bunlink|os\.(?:remove|rmdir|system)|\brm(?:Sync|dir)|fs\.rm\b|subprocess|popen|child_process|\bsystem\s*\(|`[^`]*\brm\b|\brm\s+-/i;

/** What an interpreter does with a program that is in a file; `null` for other programs. */
export function fileEffects(name: string, code: string, around: Around): readonly Effect[] | null {
  if (name === 'sed') return sedFileEffects(code, around);
  const effects = inlineEffects(name, { rest: [], stdin: code }, around);
  if (effects === null || effects.some(({ decision }) => decision === 'deny')) return effects;
  if (!code.includes(UNKNOWN) && !FILE_RISKS.test(code)) return [{ ...harmless, changes: true }];
  return [
    ask(`${name} runs a program that an agent wrote, and deletes things or starts others`),
    ...codeEffects(interpreterOf(name) ?? name, code, around),
  ];
}

const PROGRAMS =
  /^(LD_PRELOAD|LD_LIBRARY_PATH|LD_AUDIT|BASH_ENV|ENV|PROMPT_COMMAND|PERL5OPT|PERL5DB|PYTHONSTARTUP|NODE_OPTIONS|RUBYOPT|GIT_SSH_COMMAND|GIT_EXTERNAL_DIFF|GIT_EXEC_PATH|GIT_CONFIG_(?:COUNT|GLOBAL|SYSTEM|(?:KEY|VALUE)_\d+)|RSYNC_RSH|TAR_OPTIONS|(?:GNU)?MAKEFLAGS|RUSTC_WRAPPER|PATH)$/;
/** Values with which they decide nothing of that. */
const PLAIN_VALUES: Readonly<Record<string, RegExp>> = {
  NODE_OPTIONS: /^(?: ?--(?:max-[a-z-]+=\d+|no-warnings|no-deprecation|enable-source-maps))*$/,
  MAKEFLAGS: /^ ?-{0,2}[jks]*\d*$/,
  GIT_CONFIG_GLOBAL: /^\/dev\/null$/,
  GIT_CONFIG_SYSTEM: /^\/dev\/null$/,
  // other programs have that for where they run
  ENV: /^(?:dev|development|test|testing|prod|production|staging|local|ci|qa)$/,
};
const EDITORS = /^(EDITOR|VISUAL|PAGER|GIT_PAGER|GIT_EDITOR|MANPAGER|LESSOPEN|GIT_SEQUENCE_EDITOR)$/;
const QUIET = /^(true|cat|:|less|more|vi|vim|nano|)$/;

/** What a variable that a command is given decides. */
export function environmentEffects(name: string, value: string): readonly Effect[] {
  if (PROGRAMS.test(name) && inTable(PLAIN_VALUES, name)?.test(value) !== true)
    return [ask(`${name} decides which programs run`)];
  if (/^PS[0-4]$/.test(name) && (/\$[({]|`/.test(value) || value.includes(UNKNOWN)))
    return [ask(`${name} runs what is in it whenever the shell waits`)];
  return EDITORS.test(name) && !QUIET.test(value) ? [ask(`${name} runs a program`)] : [];
}

/** What a variable decides that the shell itself looks at, exported or not, or may export by itself. */
export const shellVariableEffects = (name: string, value: string): readonly Effect[] =>
  name === 'ENV' || EDITORS.test(name) ? [] : environmentEffects(name, value);

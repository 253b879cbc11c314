import { removal } from './losses.ts';
import type { Scope } from './scope.ts';
import { quotedField } from './shell-state.ts';
import type { Effect } from './verdict.ts';

// What the program of an interpreter deletes or starts, where that stands in it: nothing else of it is followed.

/** Where a program runs, and what judges a script of the shell without counting it. */
export interface Around {
  readonly scope: Scope;
  readonly apart: (script: string, scope: Scope) => readonly Effect[];
}

const LITERAL = /[rbfu]{0,2}(?:'((?:\\.|[^'\\])*)'|"((?:\\.|[^"\\])*)"|`((?:\\.|[^`\\])*)`)/;
/** Functions that take a path and give the same one. */
const SAME = /(?:new\s+)?(?:[\w.]*\b(?:Path|expanduser|abspath|realpath|normpath|resolve|str)\(\s*)*/;
const HOME =
  /(?:\w+\.|require\(\s*['"](?:node:)?os['"]\s*\)\.)?(?:Path\.home\(\)|homedir\(\)|Dir\.home|process\.env\.HOME|(?:\$ENV\{|ENV\[|environ\[|getenv\(|environ\.get\()\s*['"]?HOME['"]?\s*[\]})])/;
const DELETING =
  /\b(?:rmtree|remove_tree|rm_rf?|rm(?:dir)?(?:Sync)?|removeSync|emptyDir(?:Sync)?|rimraf(?:Sync|\.sync)?|removedirs|remove_(?:dir|entry\w*)|(?:Deno|fse?|os)\.remove|unlink(?:Sync)?)\b\s*(?:\(\s*)?(?:path\s*=\s*)?(?:\[\s*)?/;
const MOVING = /\b(?:shutil\.move|moveSync|rename(?:s|Sync)?|FileUtils\.mv|os\.replace)\b\s*(?:\(\s*)?/;
const END = /[\s)]*(?=[,;)\]\n}]|$)/;

const NAME = /[$@]?[A-Za-z_]\w*/;
const VALUE = `${SAME.source}(?:${LITERAL.source}|(${HOME.source})|(${NAME.source}))${END.source}`;
const DELETED = new RegExp(DELETING.source + VALUE, 'g');
const MOVED = new RegExp(MOVING.source + VALUE, 'g');

const STARTING = /\bsystem\b|subprocess|popen|exec|spawn|`|%x|\bqx\b|passthru|child_process/i;
/** What of the shell may be a catastrophe. */
const GRAVE = /\b(?:rm|dd|mkfs|shred|wipefs|find|mv|chmod|chown|(?:ba)?sh)\b|:\s*\(\)/;
const LIST = new RegExp(`${LITERAL.source}(?:\\s*,\\s*(?:\\[\\s*)?${LITERAL.source})*`, 'g');
/** Between two parts of one text. */
const JOINT = /(['"])\s*(?:\+\s*)?\1/g;
/** Texts and words of Perl and Ruby that need no marks. */
const WORDS =
  /(?:\bq[qwx]?|%[iqwxQW])\s*(?:\(([^)]{0,2000})\)|\{([^}]{0,2000})\}|\[([^\]]{0,2000})\]|<([^>]{0,2000})>)/g;
const MOST_SCRIPTS = 50;
const LONGEST_SCRIPT = 2_000;

/** A program without backticks, where its language starts nothing with them: a tag may, such as `$`. */
export const withoutTemplates = (name: string, code: string): string =>
  /^(?:python[\d.]*|node|tsx|deno)$/.test(name) ? code.replaceAll(/(?<!\$)`/g, ' ') : code;

/** What a program deletes that it names, and what never runs of what it gives to a shell. */
export function codeEffects(name: string, code: string, { scope, apart }: Around): readonly Effect[] {
  const lossesOf = (found: RegExp, how: string): readonly Effect[] =>
    Array.from(code.matchAll(found), ([, ...parts]) => pathOf(parts, code, scope)).flatMap((text) =>
      text === null ? [] : [removal({ text, isPattern: false }, scope, how)],
    );
  const moved = lossesOf(MOVED, 'it moves away').filter(({ decision }) => decision === 'deny');
  const losses = [...lossesOf(DELETED, 'it deletes'), ...moved];
  if (!STARTING.test(withoutTemplates(name, code))) return losses;
  const unsure = scope.copy();
  unsure.isUncertain = true;
  const started = scriptsIn(code).flatMap((script) => apart(script, unsure));
  return [...losses, ...started.filter(({ decision }) => decision === 'deny')];
}

type Parts = readonly (string | undefined)[];

/** The path that an argument is; `null` where that is not known. */
function pathOf([single, double, template, home, name]: Parts, code: string, scope: Scope): string | null {
  const text = single ?? double ?? template;
  if (text !== undefined) return text.includes('{') ? null : text.replace(/^~(?=$|\/)/, scope.value('HOME'));
  if (home !== undefined) return scope.value('HOME');
  if (name === undefined) return null;
  const set = new RegExp(`${name.replace('$', String.raw`\$`)}\\s*=\\s*${VALUE}`).exec(code)?.slice(1);
  return set === undefined || set[4] !== undefined ? null : pathOf(set, code, scope);
}

/** Texts, also put together of several, and lists of texts that are the words of a command. */
function scriptsIn(code: string): readonly string[] {
  const folded = code.replaceAll(JOINT, '');
  const lists = [...code.matchAll(LIST), ...folded.matchAll(LIST)].map(([list]) =>
    Array.from(list.matchAll(new RegExp(LITERAL, 'g')), (parts) =>
      parts
        .slice(1)
        .join('')
        .replaceAll(/\\(['"`\\$])/g, '$1'),
    ),
  );
  const scripts = lists.flatMap((texts) => [
    ...texts,
    ...(texts.length > 1 ? [texts.map((text) => quotedField({ text, isPattern: false })).join(' ')] : []),
  ]);
  const words = Array.from(code.matchAll(WORDS), ([, ...parts]) => parts.join(''));
  return [...new Set([...scripts, ...words])]
    .filter((script) => GRAVE.test(script) && script.length <= LONGEST_SCRIPT)
    .slice(0, MOST_SCRIPTS);
}

import type { PolicyPermission } from '@deskhand/tier-policy';
import { posix } from 'node:path';
import { judge } from '../guard/judge.ts';
import type { Words } from '../guard/verdict.ts';

const ANY = '\0';
const MOST_TEXT = 1_000;

type Decision = PolicyPermission['decision'];

/** What a person wrote about commands: `Bash(git diff:*)`. */
export interface CommandRule {
  readonly decision: Decision;
  readonly text: string;
  /** Its words, with `*` for any text; when it is open, more may follow. */
  readonly fixed: string;
  readonly isOpen: boolean;
  readonly pattern: RegExp;
}

/**
 * The rules about commands of a policy, each tried on its own examples.
 *
 * @throws what `broken` makes of a rule that does not do what they say
 */
export const commandRulesOf = (
  permissions: readonly PolicyPermission[],
  broken: (rule: PolicyPermission, why: string) => Error,
): readonly CommandRule[] =>
  permissions.flatMap((given) => {
    const { scope, match, notMatch } = given;
    if (scope.tool !== 'Bash') return [];
    const rule = ruleOf(given, scope.words);
    const missed = match.find((command) => !matches(rule, command));
    if (missed !== undefined) throw broken(given, `does not match ${JSON.stringify(missed)}`);
    const wrong = notMatch.find((command) => matches(rule, command));
    if (wrong !== undefined) throw broken(given, `matches ${JSON.stringify(wrong)}`);
    return [rule];
  });

/** What the rules say about one command; deny beats ask beats allow. Anything that may be restricted is asked about. */
export function decisionOf(rules: readonly CommandRule[], words: Words): Decision | 'unset' {
  const found = (['deny', 'ask', 'allow'] as const).find((decision) =>
    rules.some((rule) => rule.decision === decision && isMatch(rule, words)),
  );
  if (found === 'deny' || found === 'ask') return found;
  return rules.some((rule) => rule.decision !== 'allow' && mayMatch(rule, words))
    ? 'ask'
    : (found ?? 'unset');
}

/** Also by the path of the program, where the rule restricts. */
function isMatch({ decision, pattern }: CommandRule, words: Words): boolean {
  if (pattern.test(textOf(words))) return true;
  return decision !== 'allow' && pattern.test(textOf([posix.basename(words[0] ?? ''), ...words.slice(1)]));
}

/** Whether it matches for some of what a word that is not known yet may be. */
function mayMatch({ fixed, isOpen }: CommandRule, words: Words): boolean {
  const whole = textOf(words);
  const text = whole.length > MOST_TEXT ? `${whole.slice(0, MOST_TEXT)}${ANY}` : whole;
  if (!text.includes(ANY)) return false;
  const rule = fixed.replaceAll('*', ANY);
  return haveInCommon(rule, text) || (isOpen && haveInCommon(`${rule} ${ANY}`, text));
}

/** Whether there is a text that fits both, where `ANY` stands for any text. */
function haveInCommon(a: string, b: string): boolean {
  // how far of `b` can be reached with what is before a character of `a`
  let reached = reachedFrom(new Set([0]), b);
  for (const character of a) {
    const next = new Set<number>();
    for (const at of reached) {
      if (character === ANY) for (let to = at; to <= b.length; to += 1) next.add(to);
      else if (b[at] === ANY) next.add(at);
      else if (b[at] === character) next.add(at + 1);
    }
    reached = reachedFrom(next, b);
  }
  return reached.has(b.length);
}

/** What stands for any text may stand for none. */
function reachedFrom(places: ReadonlySet<number>, text: string): ReadonlySet<number> {
  const all = new Set<number>();
  for (const place of places) {
    all.add(place);
    for (let at = place; text[at] === ANY; at += 1) all.add(at + 1);
  }
  return all;
}

/** Words that have spaces in them are in quotes, so that they are not taken for several. */
const textOf = (words: Words): string =>
  words.map((word) => (/[\s'"]/.test(word) || word === '' ? `'${word}'` : word)).join(' ');

function ruleOf({ decision, text }: PolicyPermission, words: string): CommandRule {
  const isOpen = words.endsWith(' *');
  const fixed = isOpen ? words.slice(0, -2) : words;
  const pattern = fixed.split('*').map((part) => part.replaceAll(/[\\^$.|?+()[\]{}]/g, String.raw`\$&`));
  return {
    ...{ decision, text, fixed, isOpen },
    pattern: new RegExp(`^${pattern.join('.*')}${isOpen ? '(?: .*)?' : ''}$`, 's'),
  };
}

const SURROUNDINGS = {
  cwd: '/sessions/s/mnt/work',
  mounts: ['/sessions/s/mnt/work'],
  home: '/home/agent',
  variables: {},
};

const matches = (rule: CommandRule, command: string): boolean =>
  judge(command, SURROUNDINGS).commands.some((words) => isMatch(rule, words));

import { ConfigError } from '@deskhand/server-runtime';
import { readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { z } from 'zod';
import { judge } from '../guard/judge.ts';
import type { Words } from '../guard/verdict.ts';

const entry = z.union([
  z.string(),
  z.strictObject({
    rule: z.string(),
    /** Commands that it has to match, and commands that it may not: tried when the file is read. */
    match: z.array(z.string()).default([]),
    not_match: z.array(z.string()).default([]),
  }),
]);
const entries = z.array(entry).default([]);
const fileSchema = z.strictObject({
  permissions: z.strictObject({ allow: entries, ask: entries, deny: entries }),
});

const ANY = '\0';
const MOST_TEXT = 1_000;

type Decision = 'allow' | 'ask' | 'deny';

/** What a person wrote about commands: `Bash(git diff:*)`. */
export interface CommandRule {
  readonly decision: Decision;
  readonly text: string;
  readonly match: readonly string[];
  readonly notMatch: readonly string[];
  /** Its words, with `*` for any text; when it is open, more may follow. */
  readonly fixed: string;
  readonly isOpen: boolean;
  readonly pattern: RegExp;
}

/**
 * Reads the rules of a file.
 *
 * @throws ConfigError when it cannot be read, or a rule does not do what its own examples say
 */
export function rulesIn(file: string): readonly CommandRule[] {
  const { permissions } = parsed(file);
  const rules = (['deny', 'ask', 'allow'] as const).flatMap((decision) =>
    permissions[decision].map((one) => ruleOf(one, decision)),
  );
  for (const rule of rules) tryOut(rule);
  return rules;
}

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

function parsed(file: string): z.output<typeof fileSchema> {
  try {
    return fileSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (cause) {
    const why = cause instanceof z.ZodError ? z.prettifyError(cause) : String(cause);
    throw new ConfigError(
      '--policy',
      `${file} is no file of rules, such as {"permissions": {"allow": ["Bash(git diff:*)"]}}: ${why}`,
    );
  }
}

function ruleOf(given: z.output<typeof entry>, decision: Decision): CommandRule {
  const {
    rule: text,
    match,
    not_match: notMatch,
  } = typeof given === 'string' ? { rule: given, match: [], not_match: [] } : given;
  const [, words] = /^Bash(?:\((.+)\))?$/s.exec(text) ?? [];
  if (!text.startsWith('Bash') || (words === undefined && text !== 'Bash')) {
    throw new ConfigError('--policy', `${JSON.stringify(text)} is no rule about commands: Bash(git diff:*)`);
  }
  const whole = (words ?? '*').replace(/:\*$/, ' *');
  const isOpen = whole.endsWith(' *');
  const fixed = isOpen ? whole.slice(0, -2) : whole;
  const pattern = fixed.split('*').map((part) => part.replaceAll(/[\\^$.|?+()[\]{}]/g, String.raw`\$&`));
  return {
    ...{ decision, text, match, notMatch, fixed, isOpen },
    pattern: new RegExp(`^${pattern.join('.*')}${isOpen ? '(?: .*)?' : ''}$`, 's'),
  };
}

const SURROUNDINGS = {
  cwd: '/sessions/s/mnt/work',
  mounts: ['/sessions/s/mnt/work'],
  home: '/home/agent',
  variables: {},
};

function tryOut(rule: CommandRule): void {
  const matches = (command: string): boolean =>
    judge(command, SURROUNDINGS).commands.some((words) => isMatch(rule, words));
  const missed = rule.match.find((command) => !matches(command));
  const wrong = rule.notMatch.find(matches);
  if (missed === undefined && wrong === undefined) return;
  const what =
    missed === undefined ? `matches ${JSON.stringify(wrong)}` : `does not match ${JSON.stringify(missed)}`;
  throw new ConfigError('--policy', `the rule ${rule.text} ${what}, against its own example`);
}

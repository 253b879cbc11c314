import { nearest } from '../near.ts';
import { parseRule } from '../permission-rule.ts';
import { PERMISSION_DECISIONS, type PermissionDecision, type PolicyPermission } from '../policy.ts';
import type { Place, YamlEntry, YamlTree } from './yaml-tree.ts';

type Report = (at: Place, message: string, hint: string) => void;

const ENTRY_KEYS = ['rule', 'match', 'not_match'] as const;
const ENTRY = 'Write a rule such as Bash(git diff:*), or {rule: ..., match: [...], not_match: [...]}.';

const isDecision = (key: string): key is PermissionDecision =>
  PERMISSION_DECISIONS.some((decision) => decision === key);

const didYouMean = (key: string, names: readonly string[]): string => {
  const [near] = nearest(key, names);
  return near === undefined ? `Use ${names.join(', ')}.` : `Did you mean ${near}?`;
};

const entriesOf = (tree: YamlTree, what: string, report: Report): readonly YamlEntry[] => {
  if (tree.kind === 'map') return tree.entries;
  if (tree.kind !== 'nothing')
    report(
      tree.at,
      `${what} must be a mapping.`,
      `Write ${what} with the keys ${PERMISSION_DECISIONS.join(', ')}.`,
    );
  return [];
};

const textsOf = (tree: YamlTree | undefined, key: string, report: Report): readonly string[] => {
  if (tree === undefined || tree.kind === 'nothing') return [];
  if (tree.kind !== 'list') {
    report(tree.at, `${key} must be a list of texts.`, `Write ${key} as a list of texts.`);
    return [];
  }
  return tree.items.flatMap((item) => {
    if (item.kind === 'text' && item.value.trim() !== '') return [item.value];
    report(item.at, `${key} holds something that is no text.`, 'Put the text in quotes.');
    return [];
  });
};

const readRule = (
  text: string,
  given: Pick<PolicyPermission, 'decision' | 'match' | 'notMatch' | 'line' | 'column'>,
  report: Report,
): readonly PolicyPermission[] => {
  const parsed = parseRule(text);
  if (parsed.ok) return [{ ...given, text: text.trim(), scope: parsed.scope }];
  report(given, parsed.message, parsed.hint);
  return [];
};

const readEntry = (
  tree: YamlTree,
  decision: PermissionDecision,
  report: Report,
): readonly PolicyPermission[] => {
  const place = { decision, line: tree.at.line, column: tree.at.column };
  if (tree.kind === 'text') return readRule(tree.value, { ...place, match: [], notMatch: [] }, report);
  if (tree.kind !== 'map') {
    report(tree.at, `${decision} holds something that is no rule.`, ENTRY);
    return [];
  }
  for (const { key, at } of tree.entries) {
    if (!ENTRY_KEYS.some((known) => known === key))
      report(at, `"${key}" is no key of a rule.`, didYouMean(key, ENTRY_KEYS));
  }
  const at = (key: (typeof ENTRY_KEYS)[number]): YamlTree | undefined =>
    tree.entries.find((entry) => entry.key === key)?.value;
  const rule = at('rule');
  const match = textsOf(at('match'), 'match', report);
  const notMatch = textsOf(at('not_match'), 'not_match', report);
  if (rule?.kind === 'text') return readRule(rule.value, { ...place, match, notMatch }, report);
  report(rule?.at ?? tree.at, 'A rule needs its text under the key rule.', ENTRY);
  return [];
};

/** The rules about tools of a policy file. */
export const readPermissions = (tree: YamlTree, report: Report): readonly PolicyPermission[] =>
  entriesOf(tree, 'permissions', report).flatMap(({ key, at, value }) => {
    if (!isDecision(key)) {
      report(at, `"${key}" is no key of permissions.`, didYouMean(key, PERMISSION_DECISIONS));
      return [];
    }
    if (value.kind === 'nothing') return [];
    if (value.kind === 'list') return value.items.flatMap((item) => readEntry(item, key, report));
    report(value.at, `${key} must be a list of rules.`, ENTRY);
    return [];
  });

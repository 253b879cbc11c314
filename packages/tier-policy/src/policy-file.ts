import { formatCombo } from './key-combo.ts';
import { parseKeys } from './keys/parse-combo.ts';
import { nearest } from './near.ts';
import { readPermissions } from './policy-file/permissions.ts';
import { isKnownApp, isProtectedApp, isSameApp, similarApps } from './policy-file/known-app.ts';
import { readYaml, type Place, type YamlTree } from './policy-file/yaml-tree.ts';
import { DEFAULT_POLICY, type Policy, type PolicyOrigin, type PolicyTier } from './policy.ts';
import { TIERS, type Tier } from './tier.ts';

export { POLICY_SCHEMA } from './policy-file/schema.ts';

/** Something wrong in a policy file; line and column count from 1. */
export interface PolicyProblem extends Place {
  readonly filename: string;
  readonly message: string;
  /** What to write instead. */
  readonly hint: string;
}

export type PolicyFileResult =
  | { readonly ok: true; readonly policy: Policy }
  | { readonly ok: false; readonly problems: readonly PolicyProblem[] };

type Report = (at: Place, message: string, hint: string) => void;

interface Named {
  readonly app: string;
  readonly at: Place;
}

interface NamedTier extends PolicyTier {
  readonly at: Place;
}

const KEYS = ['denyApps', 'tiers', 'forbidCombos', 'origins', 'permissions', 'onceOnly'] as const;

type Key = (typeof KEYS)[number];

const isKey = (key: string): key is Key => KEYS.some((known) => known === key);

const isTier = (text: string): text is Tier => TIERS.some((tier) => tier === text);

const KIND_NAMES: Readonly<Record<YamlTree['kind'], string>> = {
  map: 'a mapping',
  list: 'a list',
  text: 'a text',
  boolean: 'true or false',
  nothing: 'nothing',
  other: 'a number, date or alias',
};

const meant = (names: readonly string[], otherwise: string): string =>
  names.length > 0 ? `Did you mean ${names.join(' or ')}?` : otherwise;

const wrongKind = (tree: YamlTree, key: string, wanted: string, report: Report): void =>
  report(tree.at, `${key} must be ${wanted}, not ${KIND_NAMES[tree.kind]}.`, `Write ${key} as ${wanted}.`);

const textsIn = (tree: YamlTree, key: string, report: Report): Named[] => {
  if (tree.kind === 'nothing') return [];
  if (tree.kind !== 'list') {
    wrongKind(tree, key, 'a list of texts', report);
    return [];
  }
  return tree.items.flatMap((item) => {
    if (item.kind === 'text' && item.value.trim() !== '') return [{ app: item.value.trim(), at: item.at }];
    report(item.at, `${key} holds ${KIND_NAMES[item.kind]} where a text belongs.`, 'Put the text in quotes.');
    return [];
  });
};

const checkApp = ({ app, at }: Named, report: Report): void => {
  if (isKnownApp(app)) return;
  const hint = meant(similarApps(app), 'Give its absolute path, or its bundle, flatpak or snap id.');
  report(at, `No application named "${app}" is known.`, hint);
};

const readDenied = (tree: YamlTree, report: Report): Named[] => {
  const apps = textsIn(tree, 'denyApps', report);
  for (const app of apps) checkApp(app, report);
  return apps;
};

const checkTier = (rule: NamedTier, earlier: readonly NamedTier[], report: Report): void => {
  checkApp(rule, report);
  const twin = earlier.find((other) => isSameApp(other.app, rule.app));
  if (twin !== undefined) {
    report(
      rule.at,
      `"${rule.app}" is given a tier twice: line ${twin.at.line} names it "${twin.app}".`,
      'Keep one.',
    );
  }
  if (rule.tier !== 'none' && isProtectedApp(rule.app)) {
    report(
      rule.at,
      `"${rule.app}" is protected: no policy can give it tier ${rule.tier}.`,
      'Remove the line; password managers, prompts and lock screens stay untouchable.',
    );
  }
};

const readTiers = (tree: YamlTree, report: Report): NamedTier[] => {
  if (tree.kind === 'nothing') return [];
  if (tree.kind !== 'map') {
    wrongKind(tree, 'tiers', 'a mapping from application to tier', report);
    return [];
  }
  const rules: NamedTier[] = [];
  for (const { key, at, value } of tree.entries) {
    if (value.kind !== 'text' || !isTier(value.value)) {
      const given = value.kind === 'text' ? nearest(value.value, TIERS) : [];
      const hint = meant(given, `Use one of ${TIERS.join(', ')}.`);
      report(value.at, `The tier of "${key}" is none of ${TIERS.join(', ')}.`, hint);
      continue;
    }
    const rule = { app: key.trim(), tier: value.value, at };
    checkTier(rule, rules, report);
    rules.push(rule);
  }
  return rules;
};

const readCombos = (tree: YamlTree, report: Report): string[] =>
  textsIn(tree, 'forbidCombos', report).flatMap(({ app: text, at }) => {
    const keys = parseKeys(text);
    if (!keys.ok) {
      report(at, keys.problem.message, 'Write it as in ctrl+alt+Delete.');
      return [];
    }
    if (keys.combos.length > 1) {
      report(at, `"${text}" is more than one combo.`, 'Give each combo a line of its own.');
    }
    return keys.combos.map(formatCombo);
  });

const ORIGIN_DECISIONS = ['allow', 'ask', 'deny'] as const;

const ORIGIN_PATTERN = /^(?:https?|wss?):\/\/(?:\*\.)?[^/?#@*\\\s]+?(?::\*)?$/i;

const isOriginDecision = (text: string): text is PolicyOrigin['decision'] =>
  ORIGIN_DECISIONS.some((decision) => decision === text);

const readOrigins = (tree: YamlTree, report: Report): PolicyOrigin[] => {
  if (tree.kind === 'nothing') return [];
  if (tree.kind !== 'map') {
    wrongKind(tree, 'origins', 'a mapping from pattern to allow, ask or deny', report);
    return [];
  }
  return tree.entries.flatMap(({ key, at, value }) => {
    const pattern = key.trim();
    if (!ORIGIN_PATTERN.test(pattern)) {
      const hint = 'Write "https://example.com", "https://*.example.com" or "http://localhost:*".';
      report(at, `"${pattern}" is no pattern of origins.`, hint);
      return [];
    }
    if (value.kind === 'text' && isOriginDecision(value.value)) return [{ pattern, decision: value.value }];
    const given = value.kind === 'text' ? nearest(value.value, ORIGIN_DECISIONS) : [];
    const hint = meant(given, `Use one of ${ORIGIN_DECISIONS.join(', ')}.`);
    report(value.at, `What is decided about "${pattern}" is none of ${ORIGIN_DECISIONS.join(', ')}.`, hint);
    return [];
  });
};

const readOnceOnly = (tree: YamlTree, report: Report): boolean => {
  if (tree.kind === 'boolean') return tree.value;
  wrongKind(tree, 'onceOnly', 'true or false', report);
  return false;
};

const checkContradictions = (denied: readonly Named[], tiers: readonly NamedTier[], report: Report): void => {
  for (const rule of tiers.filter(({ tier }) => tier !== 'none')) {
    const twin = denied.find((other) => isSameApp(other.app, rule.app));
    if (twin === undefined) continue;
    report(
      rule.at,
      `"${rule.app}" is given tier ${rule.tier} and denied on line ${twin.at.line}.`,
      'Remove one of the two lines; a denial wins over every tier.',
    );
  }
};

const readPolicy = (tree: YamlTree, report: Report): Policy => {
  if (tree.kind === 'nothing') return DEFAULT_POLICY;
  if (tree.kind !== 'map') {
    report(tree.at, 'A policy file is a mapping.', `Start with one of ${KEYS.join(', ')}.`);
    return DEFAULT_POLICY;
  }
  for (const { key, at } of tree.entries) {
    if (isKey(key)) continue;
    report(at, `"${key}" is no key of a policy.`, meant(nearest(key, KEYS), `Use ${KEYS.join(', ')}.`));
  }
  const at = (wanted: Key): YamlTree =>
    tree.entries.find(({ key }) => key === wanted)?.value ?? { kind: 'nothing', at: tree.at };
  const hasOnceOnly = tree.entries.some(({ key }) => key === 'onceOnly');
  const denied = readDenied(at('denyApps'), report);
  const tiers = readTiers(at('tiers'), report);
  checkContradictions(denied, tiers, report);
  return {
    denyApps: denied.map(({ app }) => app),
    tiers: tiers.map(({ app, tier }) => ({ app, tier })),
    forbidCombos: readCombos(at('forbidCombos'), report),
    origins: readOrigins(at('origins'), report),
    permissions: readPermissions(at('permissions'), report),
    onceOnly: hasOnceOnly && readOnceOnly(at('onceOnly'), report),
  };
};

const byPlace = (a: Place, b: Place): number => a.line - b.line || a.column - b.column;

/**
 * Reads a policy from YAML. Every unknown key, unknown application, contradiction, and combo that names no key
 * is a problem with its line; a file with any problem gives no policy at all.
 */
export const parsePolicyFile = (
  text: string,
  { filename = 'policy.yaml' }: { readonly filename?: string } = {},
): PolicyFileResult => {
  const problems: PolicyProblem[] = [];
  const report: Report = (at, message, hint) => problems.push({ filename, ...at, message, hint });
  const yaml = readYaml(text);
  if (!yaml.ok) {
    for (const { at, message } of yaml.errors) report(at, `${message}.`, 'Mend the YAML on this line.');
    return { ok: false, problems };
  }
  const policy = readPolicy(yaml.tree, report);
  return problems.length === 0 ? { ok: true, policy } : { ok: false, problems: problems.toSorted(byPlace) };
};

/** One line as compilers print it, `file:line:column message hint`. */
export const formatProblem = ({ filename, line, column, message, hint }: PolicyProblem): string =>
  `${filename}:${line}:${column} ${message} ${hint}`;

import { ConfigError } from '@deskhand/server-runtime';
import type { PolicyPermission } from '@deskhand/tier-policy';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { commandRulesOf, type CommandRule } from '../shell/rules.ts';
import { PathRules } from './path-rules.ts';

/** What the person wrote about files and commands. */
export interface Permissions {
  readonly commands: readonly CommandRule[];
  readonly paths: PathRules;
}

interface House {
  /** The state folder. */
  readonly home: string;
  /** Whose `~` it is. */
  readonly homedir: string | undefined;
}

/**
 * The rules of the policy file that the person named, else of `policy.yaml` in the state folder when there is one.
 *
 * @throws ConfigError when it cannot be read, has a mistake, or a rule does not do what its own examples say
 */
export async function readPermissions(file: string | undefined, house: House): Promise<Permissions> {
  const path = file ?? join(house.home, 'policy.yaml');
  const text = textOf(path, file !== undefined);
  const permissions = text === null ? [] : await permissionsIn(text, path);
  const broken = (rule: PolicyPermission, why: string): ConfigError =>
    new ConfigError(
      '--policy',
      `${path}:${rule.line}:${rule.column} the rule ${rule.text} ${why}, against its own example`,
    );
  for (const rule of permissions) tryOut(rule, house.homedir, broken);
  return {
    commands: commandRulesOf(permissions, broken),
    paths: new PathRules(permissions, house.homedir),
  };
}

function textOf(path: string, isNamed: boolean): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    const isMissing = cause instanceof Error && 'code' in cause && cause.code === 'ENOENT';
    if (isMissing && !isNamed) return null;
    const problem = isMissing ? `there is no file ${path}` : `${path} cannot be read: ${String(cause)}`;
    throw new ConfigError('--policy', problem, { cause });
  }
}

async function permissionsIn(text: string, filename: string): Promise<readonly PolicyPermission[]> {
  // only who has a policy needs what reads YAML
  const { formatProblem, parsePolicyFile } = await import('@deskhand/tier-policy/policy-file');
  const parsed = parsePolicyFile(text, { filename });
  if (parsed.ok) return parsed.policy.permissions;
  throw new ConfigError(
    '--policy',
    `there is a mistake in it:\n${parsed.problems.map(formatProblem).join('\n')}`,
  );
}

/** Examples of rules about paths are paths of the computer, or from a mounted folder. */
function tryOut(
  rule: PolicyPermission,
  homedir: string | undefined,
  broken: (rule: PolicyPermission, why: string) => ConfigError,
): void {
  const { scope, match, notMatch, decision } = rule;
  if (scope.tool === 'Bash') return;
  const { tool } = scope;
  const rules = new PathRules([rule], homedir).in(scope.from === 'mount' ? '/mounted' : '/');
  const matches = (example: string): boolean => {
    const path = example.replace(/^~(?=\/|$)/, homedir ?? '~');
    return rules.said(tool, path)?.decision === decision;
  };
  const missed = match.find((example) => !matches(example));
  if (missed !== undefined) throw broken(rule, `does not match ${JSON.stringify(missed)}`);
  const wrong = notMatch.find(matches);
  if (wrong !== undefined) throw broken(rule, `matches ${JSON.stringify(wrong)}`);
}

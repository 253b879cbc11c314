import { ConfigError } from '@deskhand/server-runtime';
import { DEFAULT_POLICY, type Policy } from '@deskhand/tier-policy';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The policy file named by the person, else `policy.yaml` of the state folder when there is one.
 *
 * @throws ConfigError when it cannot be read or has a mistake
 */
export async function readPolicy(file: string | undefined, home: string): Promise<Policy> {
  const path = file ?? join(home, 'policy.yaml');
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (cause) {
    if (file === undefined && cause instanceof Error && 'code' in cause && cause.code === 'ENOENT')
      return DEFAULT_POLICY;
    throw new ConfigError('--policy', `the policy file ${path} cannot be read: ${String(cause)}`, { cause });
  }
  const { formatProblem, parsePolicyFile } = await import('@deskhand/tier-policy/policy-file');
  const parsed = parsePolicyFile(text, { filename: path });
  if (parsed.ok) return parsed.policy;
  throw new ConfigError(
    '--policy',
    `there is a mistake in it:\n${parsed.problems.map(formatProblem).join('\n')}`,
  );
}

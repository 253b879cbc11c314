import { readFile } from 'node:fs/promises';
import { formatProblem, parsePolicyFile } from '../policy-file.ts';
import { DEFAULT_POLICY, type Policy } from '../policy.ts';
import { UsageError } from './outcome.ts';

/** Throws `UsageError` when the file cannot be read. */
export const readText = async (file: string): Promise<string> => {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new UsageError(`Cannot read ${file}: ${error instanceof Error ? error.message : String(error)}`);
  }
};

/** The policy in a file, or the default without one. Throws `UsageError` when the file is not a valid policy. */
export const readPolicy = async (file: string | undefined): Promise<Policy> => {
  if (file === undefined) return DEFAULT_POLICY;
  const result = parsePolicyFile(await readText(file), { filename: file });
  if (result.ok) return result.policy;
  throw new UsageError(result.problems.map(formatProblem).join('\n'));
};

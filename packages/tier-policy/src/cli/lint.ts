import { formatProblem, parsePolicyFile } from '../policy-file.ts';
import { json, type CommandResult } from './outcome.ts';
import { readText } from './read-policy.ts';

/** Every problem of a policy file, one a line. */
export const lint = async (
  filename: string,
  options: { readonly json?: boolean },
): Promise<CommandResult> => {
  const result = parsePolicyFile(await readText(filename), { filename });
  const problems = result.ok ? [] : result.problems;
  const exitCode = result.ok ? 0 : 1;
  if (options.json === true) return { text: json({ ok: result.ok, problems }), exitCode };
  return { text: result.ok ? `${filename}: ok` : problems.map(formatProblem).join('\n'), exitCode };
};

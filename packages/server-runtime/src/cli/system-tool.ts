import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { CliError } from './cli-error.ts';

const TOOL_MS = 30_000;

/**
 * Runs a tool of the system to its end.
 *
 * @throws CliError with what it wrote
 */
export async function runTool([file = '', ...args]: readonly string[]): Promise<void> {
  try {
    await promisify(execFile)(file, args, { timeout: TOOL_MS });
  } catch (cause) {
    const wrote = cause instanceof Error && 'stderr' in cause ? String(cause.stderr).trim() : '';
    throw new CliError(`${[file, ...args].join(' ')} failed: ${wrote === '' ? String(cause) : wrote}`, {
      hint: 'The files are written; run it again by hand when that is mended.',
      cause,
    });
  }
}

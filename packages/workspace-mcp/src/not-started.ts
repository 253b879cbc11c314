import { checkSandbox, type SandboxError } from '@deskhand/sandbox';
import { ToolError } from '@deskhand/server-runtime';

const CHECK_MS = 20_000;

/** What a person can do when there is no sandbox at all. */
export const WITHOUT = 'start the server with --sandbox files-only, which has no commands';

/** Why there is no sandbox, looked for where the sandbox itself could only tell what failed. */
export async function notStarted(error: SandboxError): Promise<ToolError> {
  const { code, message, hint } = error;
  if (code !== 'sandbox_not_started' && code !== 'sandbox_unavailable')
    return new ToolError(code, message, error);
  const check = await checkSandbox(AbortSignal.timeout(CHECK_MS));
  const [cause, fix] = check.ok ? [message, hint] : [check.cause, check.fix];
  return new ToolError(code, `There is no sandbox, so nothing is done: ${cause}`, {
    hint: `Tell the person. What mends it: ${fix}. Or they ${WITHOUT}.`,
    cause: error,
  });
}

/** Files and commands have paths that are made of mounts. @throws ToolError `sandbox_unavailable` */
export function expectLinux(platform: NodeJS.Platform = process.platform): void {
  if (platform === 'linux') return;
  const why = 'the paths of a session are mounts of Linux, and files alone are held by way of its /proc';
  throw new ToolError('sandbox_unavailable', `On ${platform} nothing is done: ${why}`, {
    hint: 'Tell the person. What mends it: Linux, or a virtual machine with it.',
  });
}

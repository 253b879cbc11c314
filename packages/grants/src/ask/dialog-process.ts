import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';

const KILL_AFTER_MS = 1000;

/** In the environment of every dialog, so that servers also know the dialogs of each other. */
export const DIALOG_MARK = 'DESKHAND_DIALOG';

interface DialogCommand {
  readonly path: string;
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** How a dialog ended: `code` is `null` when a signal ended it. */
export interface DialogEnd {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

interface DialogWatch {
  readonly signal: AbortSignal;
  /** Told of the process that shows the dialog, so that its windows can be protected. */
  readonly onDialog?: ((pid: number, state: 'opened' | 'closed') => void) | undefined;
}

/**
 * Runs a dialog program, without a shell and in our process group, until it is gone and reaped.
 * Abortion ends it first by SIGTERM, then by SIGKILL.
 * @throws when it cannot be started
 */
export async function runDialog(
  command: DialogCommand,
  { signal, onDialog }: DialogWatch,
): Promise<DialogEnd> {
  signal.throwIfAborted();
  const child = spawn(command.path, command.argv, {
    env: { ...command.env, [DIALOG_MARK]: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  let killTimer: NodeJS.Timeout | undefined;
  const stop = (): void => {
    child.kill('SIGTERM');
    killTimer = setTimeout(() => child.kill('SIGKILL'), KILL_AFTER_MS);
  };
  signal.addEventListener('abort', stop, { once: true });
  const { pid } = child;
  if (pid !== undefined) onDialog?.(pid, 'opened');
  try {
    const [code, stdout, stderr] = await Promise.all([ended, text(child.stdout), text(child.stderr)]);
    return { code, stdout, stderr };
  } finally {
    signal.removeEventListener('abort', stop);
    clearTimeout(killTimer);
    if (pid !== undefined) onDialog?.(pid, 'closed');
  }
}

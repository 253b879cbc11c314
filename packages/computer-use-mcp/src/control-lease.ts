import { ToolError } from '@deskhand/server-runtime';
import type { Control, Controller } from './desktop/control.ts';

/** A server that has not acted for so long lets another one act. */
const IDLE_MS = 60_000;

/** Holds the desktop for this process from its first action until it has been idle for a minute. */
export class ControlLease {
  readonly #control: Control | null;
  #idle: NodeJS.Timeout | undefined;

  constructor(control: Control | null) {
    this.#control = control;
  }

  /** @throws ToolError `desktop_in_use`, with who has it and what to do */
  async take(): Promise<void> {
    clearTimeout(this.#idle);
    const other = (await this.#control?.claim()) ?? null;
    if (other !== null) throw inUse(other);
  }

  /** The last action ended. */
  rest(): void {
    clearTimeout(this.#idle);
    this.#idle = setTimeout(() => this.#control?.release(), IDLE_MS).unref();
  }

  close(): void {
    clearTimeout(this.#idle);
  }
}

function inUse({ pid, name, startedBy, since }: Controller): ToolError {
  const who = [
    name ?? 'another program',
    pid === null ? '' : ` (process ${pid}${startedBy === null ? '' : `, started by ${startedBy}`})`,
    since === null ? '' : ` since ${since.toISOString()}`,
  ].join('');
  return new ToolError('desktop_in_use', `The desktop is controlled by ${who}`, {
    hint: 'Looking works; acting has to wait until it has not acted for a minute, or ends. Tell the person: to share one desktop, run computer-use-mcp daemon start and give each client the command computer-use-mcp --attach.',
    details: { controller: { pid, name, startedBy, since: since?.toISOString() ?? null } },
  });
}

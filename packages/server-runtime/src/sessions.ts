import { ConfigError } from './config/config-error.ts';
import { Live, type MaybeLive } from './live.ts';
import { createServer, type DeskhandServer, type ServerOptions } from './mcp/create-server.ts';
import { Limits, type LimitOptions } from './pipeline/limits.ts';
import { Turns } from './pipeline/turns.ts';
import { checkNames, selectedOf, selectTools, type ToolSelection } from './select-tools.ts';
import type { ServerDefinition, SessionAbout, SessionParts, Surface } from './server-definition.ts';
import type { Tool } from './tool.ts';

/** A session as a door asks for it. */
export interface SessionRequest extends SessionAbout {
  /**
   * Names of the tools that the caller's token may use; everything when undefined. Other tools, and prompts and
   * resources, are neither listed nor to be had; results that were too long still are.
   */
  readonly scope?: readonly string[] | undefined;
}

/** What all sessions of a process have in common. */
export type SessionsOptions = Pick<ServerOptions, 'audit' | 'log' | 'approvals' | 'timeoutMs' | 'graceMs'> & {
  readonly definition: Pick<ServerDefinition, 'config' | 'instructions' | 'title' | 'icons' | 'absent'>;
  readonly surface: Surface;
  /** `--tools` and `--read-only`; every session is held to them. */
  readonly selection: ToolSelection;
  /** What the calls of all sessions together are held to. */
  readonly limits?: LimitOptions;
};

interface Open {
  readonly actor: string;
  readonly parts: SessionParts;
  readonly server: DeskhandServer;
  unwatch(): void;
}

/**
 * The sessions of one process: each has a server of its own over the same surface. Their calls take turns, unless
 * the surface says that its sessions are independent.
 */
export class Sessions {
  readonly #options: SessionsOptions;
  readonly #limits: Limits;
  readonly #turns: Turns | null | undefined;
  readonly #open = new Map<string, Open>();

  constructor(options: SessionsOptions) {
    const { surface, graceMs = 5_000, limits } = options;
    this.#options = options;
    this.#limits = new Limits(limits);
    this.#turns = turnsOf(surface, graceMs);
  }

  /**
   * The server of a session, made at first use. A session that is open keeps the scope it was opened with.
   *
   * @throws ConfigError when another actor has it open: its scope is not this one's.
   */
  server(request: SessionRequest): DeskhandServer {
    const known = this.#open.get(request.id);
    if (known !== undefined) {
      if (known.actor === request.actor) return known.server;
      throw new ConfigError(`session ${request.id}`, 'is in use by another caller. Choose another name');
    }
    const { surface, selection } = this.#options;
    const { id, actor, scope } = request;
    const parts = surface.session({ id, actor });
    if (parts.everyTool !== undefined) checkNames(selection, parts.everyTool);
    const tools = offered(parts.tools, selection, scope);
    const server = createServer({
      ...this.#common(),
      ...offers(parts, scope),
      tools: tools.offered,
      session: id,
      actor,
    });
    this.#open.set(id, { actor, parts, server, unwatch: tools.unwatch });
    return server;
  }

  #common(): Omit<ServerOptions, 'tools' | 'permission'> {
    const { definition, audit, log, approvals, timeoutMs, graceMs } = this.#options;
    const { config, instructions, title, icons, absent } = definition;
    return {
      audit,
      log,
      name: config.name,
      version: config.version,
      limits: this.#limits,
      ...(this.#turns !== undefined && { turns: this.#turns }),
      ...(approvals !== undefined && { approvals }),
      ...(timeoutMs !== undefined && { timeoutMs }),
      ...(graceMs !== undefined && { graceMs }),
      ...(title !== undefined && { title }),
      ...(icons !== undefined && { icons }),
      ...(instructions !== undefined && { instructions }),
      ...(absent !== undefined && { absent }),
    };
  }

  get size(): number {
    return this.#open.size;
  }

  /** Cancels the calls of a session, waits for their record and forgets it. */
  async end(id: string): Promise<void> {
    const open = this.#open.get(id);
    if (open === undefined) return;
    this.#open.delete(id);
    open.unwatch();
    await open.server.close();
    await open.parts.close?.();
  }

  async close(): Promise<void> {
    await Promise.all([...this.#open.keys()].map((id) => this.end(id)));
  }
}

/** `null` for none at all, undefined for turns of each session's own. */
function turnsOf(
  { independentCalls, independentSessions }: Surface,
  graceMs: number,
): Turns | null | undefined {
  if (independentCalls === true) return null;
  return independentSessions === true ? undefined : new Turns(graceMs);
}

/** What a session offers besides its tools; a scope names tools, so with one there is nothing else. */
function offers(
  parts: SessionParts,
  scope: readonly string[] | undefined,
): Omit<SessionParts, 'tools' | 'close'> {
  const { permission, complete, prompts, resources, logging, onClient } = parts;
  return {
    permission,
    ...(complete !== undefined && { complete }),
    ...(prompts !== undefined && scope === undefined && { prompts }),
    ...(resources !== undefined && scope === undefined && { resources }),
    ...(logging !== undefined && { logging }),
    ...(onClient !== undefined && { onClient }),
  };
}

/** What a session may see of its tools, now and after each change. */
function offered(
  tools: MaybeLive<readonly Tool[]>,
  selection: ToolSelection,
  scope: readonly string[] | undefined,
): { readonly offered: MaybeLive<readonly Tool[]>; readonly unwatch: () => void } {
  if (!(tools instanceof Live)) {
    return { offered: inScope(selectTools(tools, selection), scope), unwatch: () => undefined };
  }
  const visible = (): readonly Tool[] => inScope(selectedOf(tools.value, selection), scope);
  const seen = new Live(visible());
  return { offered: seen, unwatch: tools.watch(() => seen.set(visible())) };
}

const inScope = (tools: readonly Tool[], scope: readonly string[] | undefined): readonly Tool[] =>
  scope === undefined ? tools : tools.filter(({ name }) => scope.includes(name));

import { createServer, type DeskhandServer, type ServerOptions } from './mcp/create-server.ts';
import { selectTools, type ToolSelection } from './select-tools.ts';
import type { ServerDefinition, SessionAbout, SessionParts, Surface } from './server-definition.ts';
import type { Tool } from './tool.ts';

/** A session as a door asks for it. */
export interface SessionRequest extends SessionAbout {
  /** Names of the tools that the caller's token may use; all when undefined. Others are neither listed nor callable. */
  readonly scope?: readonly string[] | undefined;
}

/** What all sessions of a process have in common. */
export type SessionsOptions = Pick<ServerOptions, 'audit' | 'log' | 'approvals' | 'timeoutMs' | 'graceMs'> & {
  readonly definition: Pick<ServerDefinition, 'config' | 'instructions'>;
  readonly surface: Surface;
  /** `--tools` and `--read-only`; every session is held to them. */
  readonly selection: ToolSelection;
};

interface Open {
  readonly parts: SessionParts;
  readonly server: DeskhandServer;
}

/** The sessions of one process: each has a server of its own over the same surface. */
export class Sessions {
  readonly #options: SessionsOptions;
  readonly #open = new Map<string, Open>();

  constructor(options: SessionsOptions) {
    this.#options = options;
  }

  /** The server of a session, made at first use. A session that is open keeps the scope it was opened with. */
  server(request: SessionRequest): DeskhandServer {
    const known = this.#open.get(request.id);
    if (known !== undefined) return known.server;
    const { definition, surface, selection, ...common } = this.#options;
    const { config, instructions } = definition;
    const { id, actor, scope } = request;
    const parts = surface.session({ id, actor });
    const server = createServer({
      ...common,
      name: config.name,
      version: config.version,
      tools: inScope(selectTools(parts.tools, selection), scope),
      permission: parts.permission,
      session: id,
      ...(instructions !== undefined && { instructions }),
      ...(parts.complete !== undefined && { complete: parts.complete }),
    });
    this.#open.set(id, { parts, server });
    return server;
  }

  get size(): number {
    return this.#open.size;
  }

  /** Cancels the calls of a session, waits for their record and forgets it. */
  async end(id: string): Promise<void> {
    const open = this.#open.get(id);
    if (open === undefined) return;
    this.#open.delete(id);
    await open.server.close();
    await open.parts.close?.();
  }

  async close(): Promise<void> {
    await Promise.all([...this.#open.keys()].map((id) => this.end(id)));
  }
}

const inScope = (tools: readonly Tool[], scope: readonly string[] | undefined): readonly Tool[] =>
  scope === undefined ? tools : tools.filter(({ name }) => scope.includes(name));

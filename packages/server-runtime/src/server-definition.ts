import type { z } from 'zod';
import type { ServerCommand } from './cli/server-command.ts';
import type { Config } from './config/define-config.ts';
import type { Icon } from './content.ts';
import type { HttpService } from './http/http-service.ts';
import type { DoorSettings } from './http/open-door.ts';
import type { Log } from './log.ts';
import type { ServerOptions } from './mcp/create-server.ts';

/** The process that a server lives in, as far as the server itself needs to know it. */
export interface House {
  /** The state folder: absolute, existing, private. */
  readonly home: string;
  /** The session that the person or the host named: it may go on in another process. */
  readonly session?: string | undefined;
  readonly log: Log;
  /** `process.env`; nothing below a cli reads it from the process. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** What one session is told of itself. */
export interface SessionAbout {
  readonly id: string;
  /** Who acts, by the door they came in through: `stdio`, `attach`, or a token's label. Never what a client says. */
  readonly actor: string;
}

/** What a server offers to one session; the runtime adds record, log, limits and transports. */
export type SessionParts = Pick<
  ServerOptions,
  'tools' | 'permission' | 'complete' | 'prompts' | 'resources' | 'logging' | 'onClient'
> & {
  /** Where tools come and go: the names of all that may ever be there, which are those that `--tools` may have. */
  readonly everyTool?: readonly string[];
  /** Ends what belongs to this session alone. */
  close?(): void | Promise<void>;
};

/** One thing that `doctor` tries out, by doing it. */
export interface DoctorCheck {
  /** What is tried, such as `capture a pixel of the display`. */
  readonly name: string;
  /** What was found, in a few words; throws, with a `hint` that has the command which mends it, when it fails. */
  run(signal: AbortSignal): Promise<string>;
}

/** What outlives connections: a display, a browser, folders. One for each process. */
export interface Surface {
  /** Cheap; sessions never see each other's state. */
  session(about: SessionAbout): SessionParts;
  /**
   * Sessions share nothing that a call could disturb, so those of one need not wait for those of another. Without it
   * one call acts at a time; one more session may wait, and calls of a third are answered `busy`.
   */
  readonly independentSessions?: boolean;
  /** Neither do calls of one session: the surface itself has those wait that would disturb each other. */
  readonly independentCalls?: boolean;
  readonly checks?: readonly DoctorCheck[];
  /** Opens a door to something else than MCP, for a definition with `isDaemonOnly`. */
  serve?(settings: DoorSettings): Promise<HttpService>;
  close(): void | Promise<void>;
}

/** All that makes a server's bin: its options, and how to open what it serves. */
export interface ServerDefinition<S extends z.ZodObject = z.ZodObject> {
  readonly config: Config<S>;
  /** As people see it. */
  readonly title?: string;
  readonly icons?: readonly Icon[];
  /** Told to the model once: what the server is for and how its tools belong together. */
  readonly instructions?: string;
  /** Variables that it needs besides its options, such as DISPLAY; `daemon install` hands them on. */
  readonly env?: readonly string[];
  /** Its package on npm, when it is published. */
  readonly package?: string;
  /** Where tools come and go: what brings one that is not there, in a sentence; undefined for a name that none has. */
  readonly absent?: (tool: string) => string | undefined;
  /** It serves its own routes over HTTP and nothing else: its bin has the commands of a daemon alone. */
  readonly isDaemonOnly?: boolean;
  /** Commands of its bin beside those that every server has. */
  readonly commands?: readonly ServerCommand[];
  /** Connects to nothing before the first call. Throws ConfigError for options that cannot work. */
  open(options: z.output<S>, house: House): Promise<Surface>;
}

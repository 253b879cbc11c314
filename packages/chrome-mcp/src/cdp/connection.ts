import type { ProtocolMapping } from 'devtools-protocol/types/protocol-mapping.js';

export type Commands = ProtocolMapping.Commands;
export type Events = ProtocolMapping.Events;
export type Command = keyof Commands;
export type EventName = keyof Events;
export type Params<C extends Command> = Commands[C]['paramsType'][0];
export type Answer<C extends Command> = Commands[C]['returnType'];

export interface SendOptions {
  /** Ends the wait, not the command. */
  readonly signal?: AbortSignal;
}

/** A flat session of the protocol: the browser itself, or one target that is attached to. */
export interface CdpSession {
  /** Empty for the browser. */
  readonly id: string;
  /**
   * @throws CommandFailed when the browser refuses it
   * @throws ConnectionClosed when the session or the connection ends before the answer
   */
  send<C extends Command>(command: C, params?: Params<C>, options?: SendOptions): Promise<Answer<C>>;
  /** Gives the way to stop listening. */
  on<E extends EventName>(event: E, hear: (params: Events[E][0]) => void): () => void;
}

/** A way to a browser: a pipe to one that was started, a socket to one that runs. */
export interface Connection {
  readonly browser: CdpSession;
  session(id: string): CdpSession;
  /** Aborted when the browser is gone; its reason says why. */
  readonly closed: AbortSignal;
  close(): void;
}

/** The browser does not do what was asked, in its own words. */
export class CommandFailed extends Error {
  override readonly name = 'CommandFailed';
  readonly command: string;
  readonly code: number;

  constructor(command: string, { code, message }: { readonly code: number; readonly message: string }) {
    super(`${command}: ${message}`);
    this.command = command;
    this.code = code;
  }
}

/** The target or the browser went away. */
export class ConnectionClosed extends Error {
  override readonly name = 'ConnectionClosed';
}

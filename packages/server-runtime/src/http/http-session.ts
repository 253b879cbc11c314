import type { Log } from '../log.ts';
import type { DeskhandServer } from '../mcp/create-server.ts';
import type { Exchange } from './exchange.ts';
import type { HttpLimits } from './limits.ts';

/** One session's way to answer HTTP requests. */
export interface HttpSession {
  /** Calls that go on although the exchange they came in is over. */
  readonly detached: number;
  answer(exchange: Exchange): Promise<Response>;
  /** Ends all streams and cancels what runs. */
  close(): Promise<void>;
}

/** What the sessions of a door have in common. */
export interface DoorMaterial {
  readonly limits: HttpLimits;
  readonly log: Log;
  /** Called when a detached call has ended. */
  readonly onEnd: () => void;
}

/** What a session is made of. */
export interface SessionMaterial extends DoorMaterial {
  readonly id: string;
  readonly server: DeskhandServer;
}

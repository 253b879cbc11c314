import type { Context } from './context.ts';
import type { Place } from './opened-session.ts';

/** What commands are made with. */
export interface CommandParts {
  /** Makes the state folder where there is none, which `--help` does not. */
  readonly place: () => Place;
  readonly print: (text: string, code?: number) => void;
  /** Gets the code of what was done. */
  readonly exit: (code: number) => void;
  readonly context: Context;
}

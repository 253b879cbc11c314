import type { ServeHost } from '../process/serve.ts';

/** The parts of `process` that a bin uses. */
export interface BinHost extends ServeHost {
  /** With node and script. */
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly execPath: string;
  readonly pid: number;
  readonly platform: NodeJS.Platform;
  on(event: 'SIGINT' | 'SIGTERM' | 'SIGHUP', listener: () => void): unknown;
  on(event: 'uncaughtException' | 'unhandledRejection', listener: (error: unknown) => void): unknown;
}

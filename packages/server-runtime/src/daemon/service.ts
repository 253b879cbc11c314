/** A daemon as a service manager starts it. All paths are absolute. */
export interface Service {
  /** The bin's name. */
  readonly name: string;
  /** One sentence. */
  readonly description: string;
  /** The whole command line: node, script, `daemon run` and options. */
  readonly command: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** Where its local socket is. */
  readonly socket: string;
  /** A fixed address for HTTP, such as `127.0.0.1:4711`, on which the service manager listens as well. */
  readonly address: string | undefined;
  /** What it writes beside its own log goes there. */
  readonly logFile: string;
}

import { StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { SessionAuth } from '../oauth/session-auth.ts';
import { startHostProcess } from '../process/host-process.ts';
import { startSandboxed } from '../process/sandboxed-process.ts';
import { StdioTransport } from '../process/stdio-transport.ts';
import type { Link, LinkOptions } from './link.ts';
import { ServerLink } from './server-link.ts';

/**
 * Connects in the newest protocol that the server speaks and lists its tools.
 *
 * @throws the reason why not
 */
export async function openLink(options: LinkOptions): Promise<Link> {
  const { server, verdict } = options;
  try {
    return await connectedLink(options);
  } catch (error) {
    options.signal.throwIfAborted();
    // servers of old libraries may end at the first message that they do not know
    if (server.reached.kind === 'http' || verdict !== undefined || !(error instanceof EndedAtStart))
      throw error;
    if (error.isMissing) throw error;
    return connectedLink({ ...options, verdict: { kind: 'legacy' } });
  }
}

/** The process was over before it listed its tools. */
class EndedAtStart extends Error {
  readonly isMissing: boolean;

  constructor({ code, signal }: NonNullable<StdioTransport['end']>, command: string) {
    const isMissing = code === 127 || code === 126;
    super(
      isMissing
        ? `the command ${command} is not there or cannot be run`
        : `it ended at its start with ${signal ?? `code ${code ?? '?'}`}`,
    );
    this.isMissing = isMissing;
  }
}

async function connectedLink(options: LinkOptions): Promise<Link> {
  const { server, stdio, signal, onSandbox } = options;
  const { reached } = server;
  if (reached.kind === 'http') {
    const { url, headers } = reached;
    const http = new StreamableHTTPClientTransport(new URL(url), {
      requestInit: { headers: { ...headers } },
      ...(options.login && { authProvider: new SessionAuth(options.login) }),
    });
    return new ServerLink(http, options).open();
  }
  const { sandbox } = reached;
  const start =
    sandbox === undefined
      ? () => startHostProcess({ ...reached, ...stdio })
      : () => startSandboxed({ ...reached, ...sandbox, name: server.name, onSandbox }, signal);
  const transport = new StdioTransport({ start, onError: stdio.onError });
  try {
    return await new ServerLink(transport, options).open();
  } catch (error) {
    const { end } = transport;
    transport.kill('SIGKILL');
    signal.throwIfAborted();
    throw end === undefined ? error : new EndedAtStart(end, reached.command);
  }
}

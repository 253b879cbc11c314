import type { Readable, Writable } from 'node:stream';
import { LineTransport } from './line-transport.ts';
import type { Log } from '../log.ts';
import type { Connection, DeskhandServer } from '../mcp/create-server.ts';
import { claimStdout } from './claim-stdout.ts';

/** The parts of `process` that serving needs. */
export interface ServeHost {
  readonly stdin: Readable & { readonly isTTY?: boolean };
  readonly stdout: Writable;
  readonly stderr: Writable;
  on(event: 'SIGINT' | 'SIGTERM' | 'SIGHUP', listener: () => void): unknown;
  /** Only called when something keeps the process alive after everything was closed. */
  exit(code: number): void;
}

/** Options of {@link serve}. */
export interface ServeOptions {
  /** `process` */
  readonly host: ServeHost;
  readonly log: Log;
  /** Run once, one after another, when the connection has ended and its calls are recorded. */
  readonly close?: readonly (() => void | Promise<void>)[];
  /** How long a shutdown may take before the process is made to exit. Default 5 s. */
  readonly backstopMs?: number;
}

const exitCodes = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Serves on stdin and stdout until the client closes stdin or a signal comes, then closes everything. Resolves
 * with the exit code: 0, or 128 and the signal. A second signal exits at once.
 */
export async function serve(server: DeskhandServer, options: ServeOptions): Promise<number> {
  const { host, log } = options;
  const stdout = claimStdout(host);
  const connection = server.connect(new LineTransport(host.stdin, stdout.stream));
  const over = untilOver(connection, host);
  if (host.stdin.isTTY) host.stderr.write(greeting(server));
  log.debug('serving on stdio', { name: server.name, version: server.version });
  const code = await over;
  setTimeout(() => host.exit(code), options.backstopMs ?? 5_000).unref();
  await connection.close();
  await shutDown(server, options);
  stdout.release();
  return code;
}

/** Resolves with the exit code when the connection is closed or the first signal comes. */
function untilOver(connection: Connection, host: ServeHost): Promise<number> {
  return new Promise((resolve) => {
    void connection.closed.then(() => resolve(0));
    let signalled = false;
    for (const signal of signals) {
      host.on(signal, () => {
        if (signalled) host.exit(exitCodes[signal]);
        signalled = true;
        resolve(exitCodes[signal]);
      });
    }
  });
}

async function shutDown(server: DeskhandServer, { close = [], log }: ServeOptions): Promise<void> {
  for (const step of [() => server.close(), ...close]) {
    try {
      await step();
    } catch (err) {
      log.error('a step of the shutdown failed', { err });
    }
  }
}

function greeting({ name, version }: DeskhandServer): string {
  return (
    `${name} ${version} is an MCP server. It now waits for an MCP client to write to its stdin; ` +
    `a person starts it from a client's configuration. \`${name} --help\` lists the options, Ctrl+C ends it.\n`
  );
}

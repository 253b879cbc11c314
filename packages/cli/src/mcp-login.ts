import { login, logout, type GatewayServer } from '@deskhand/gateway';
import { spawn } from 'node:child_process';
import { EXIT, Refusal, type Context } from './context.ts';
import { configuredServers, hasDisplay } from './servers.ts';
import { visible } from './visible.ts';
import { shown, untilInterrupted } from './waiting.ts';

interface Place {
  readonly home: string;
  readonly context: Context;
}

/** Has the person log in with their browser; Ctrl-C gives it up. */
export async function logIn(name: string, { home, context }: Place): Promise<string> {
  const server = serverOf(name, { home, context });
  const show = (url: URL): void => {
    context.errors.write(`Log in with your browser; this waits for it:\n${visible(url.href)}\n`);
    openBrowser(url, context);
  };
  await untilInterrupted(context, 'Nobody was logged in.', (signal) =>
    shown(context, `Waiting for ${visible(name)}`, login(server, { home, show, signal })),
  );
  return `Logged in at ${name}. Sessions that wait for it go on.`;
}

export function logOut(name: string, place: Place): string {
  const had = logout(serverOf(name, place), place.home);
  return had
    ? `Forgot the login at ${name}. The server still knows it: end it there too, if it should not.`
    : `Nobody was logged in at ${name}.`;
}

function serverOf(name: string, { home, context }: Place): GatewayServer {
  const server = configuredServers(home, context).find((one) => one.name === name);
  if (server === undefined)
    throw new Refusal(`There is no server ${name}.`, 'See them: deskhand mcp list', EXIT.usage);
  return server;
}

const OPENERS: Readonly<Partial<Record<NodeJS.Platform, string>>> = { linux: 'xdg-open', darwin: 'open' };

/** Where there is one; the person can do it by hand. */
function openBrowser({ href }: URL, context: Context): void {
  const opener = OPENERS[context.platform];
  if (opener === undefined || !hasDisplay(context)) return;
  const child = spawn(opener, [href], { stdio: 'ignore', detached: true });
  child.on('error', () => undefined); // the address was printed
  child.unref();
}

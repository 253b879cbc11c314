import type { Gateway, ServerStatus } from '@deskhand/gateway';
import { EXIT, Refusal, type Context } from './context.ts';
import { Host } from './host.ts';
import { nobody } from './person.ts';
import { weakLines } from './mcp.ts';
import { listedPrompts } from './prompt.ts';
import { configuredServers } from './servers.ts';
import { visible } from './visible.ts';
import { shown, untilInterrupted } from './waiting.ts';

const GIVEN_UP = 'Nothing that was started is left. Try one: deskhand mcp check NAME';

interface Place {
  readonly home: string;
  readonly context: Context;
}

interface Checked {
  readonly text: string;
  readonly exitCode: number;
}

interface OpenedServers {
  readonly gateway: Gateway;
  /** Ends at Ctrl-C. */
  readonly signal: AbortSignal;
}

/** Starts servers that the person added, and says what came of each. */
export async function checkServers(names: readonly string[], place: Place): Promise<Checked> {
  return withServers(names, place, (statuses) => {
    const isGood = statuses.every(({ state }) => state === 'ready');
    return { text: statuses.map(lineOf).join('\n'), exitCode: isGood ? EXIT.done : EXIT.failed };
  });
}

/** Starts them, and says what they offer as tasks. */
export async function listPrompts(names: readonly string[], place: Place): Promise<Checked> {
  return withServers(names, place, async (statuses, { gateway, signal }) => {
    const { lines, failed: mute } = await listedPrompts(gateway, signal);
    const failed = [...statuses.filter(({ state }) => state !== 'ready').map(lineOf), ...mute];
    return {
      text: [...lines, ...failed].join('\n'),
      exitCode: failed.length === 0 ? EXIT.done : EXIT.failed,
    };
  });
}

async function withServers(
  names: readonly string[],
  { home, context }: Place,
  look: (statuses: readonly ServerStatus[], opened: OpenedServers) => Checked | Promise<Checked>,
): Promise<Checked> {
  const all = configuredServers(home, context).map(({ name }) => name);
  const unknown = names.find((name) => !all.includes(name));
  if (unknown !== undefined)
    throw new Refusal(`There is no server ${unknown}.`, 'See them: deskhand mcp list', EXIT.usage);
  const servers = names.length === 0 ? all : names;
  if (servers.length === 0)
    return { text: 'None was added so far. See: deskhand mcp add --help', exitCode: EXIT.done };
  return untilInterrupted(context, GIVEN_UP, async (signal) => {
    const host = await Host.open(
      { home, id: 'check', mounts: [], mode: 'plan', ask: nobody, servers, signal },
      context,
    );
    try {
      const { gateway } = host;
      const statuses = await shown(context, 'Still waiting', settled(gateway, signal));
      return await look(statuses, { gateway, signal });
    } finally {
      await host.close();
    }
  });
}

/** How each is when its first start came to something. */
async function settled(gateway: Gateway, signal: AbortSignal): Promise<readonly ServerStatus[]> {
  signal.throwIfAborted();
  const first = new Map<string, ServerStatus>();
  const statuses = await new Promise<readonly ServerStatus[]>((resolve) => {
    signal.addEventListener('abort', () => resolve([]));
    const note = (status: ServerStatus): void => {
      if (status.state === 'starting' || first.has(status.name)) return;
      first.set(status.name, status);
      const inOrder = gateway.servers().flatMap(({ name }) => first.get(name) ?? []);
      if (inOrder.length === gateway.servers().length) resolve(inOrder);
    };
    gateway.listen((event) => {
      if (event.kind === 'server') note(event.status);
    });
    for (const status of gateway.servers()) note(status);
  });
  signal.throwIfAborted();
  return statuses;
}

const lineOf = ({ name, state, tools, problem, weaknesses }: ServerStatus): string =>
  visible(
    [
      state === 'ready'
        ? `${name}: ready, ${tools} tools`
        : `${name}: ${state.toUpperCase()}. ${problem ?? ''}`,
      ...weakLines(weaknesses),
    ].join('\n  '),
  );

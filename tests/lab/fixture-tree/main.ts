import { readFileSync, statSync, writeFileSync } from 'node:fs';

import { Message, MessageType, Variant, sessionBus, type MessageBus } from '@jellybrick/dbus-next';

import { Program, type ReadNode } from './protocol.ts';

// Loaded into a fixture window's process, so that the window and the tree are of one process.

const ROOT = '/org/a11y/atspi/accessible/root';
const APPLICATION_PATH = '/lab/application';
const APPLICATION = 75;

interface Answer {
  readonly signature: string;
  readonly body: unknown[];
}

const {
  LAB_TREE = '',
  LAB_TREE_READY = '',
  AT_SPI_BUS_ADDRESS = '',
  DBUS_SESSION_BUS_ADDRESS = '',
} = process.env;
const readProgram = () => Program.parse(JSON.parse(readFileSync(LAB_TREE, 'utf8')));

let stamp = '';
const nodes = new Map<string, ReadNode>();
/** What was put into fields. */
const written = new Map<string, string>();
const childPaths = new Map<string, string[]>();

function number(path: string, node: ReadNode): void {
  nodes.set(path, node);
  childPaths.set(
    path,
    (node.children ?? []).map((child) => {
      const childPath = `/org/a11y/atspi/accessible/${nodes.size}`;
      number(childPath, child);
      return childPath;
    }),
  );
}

/** Reads again what to say when a test wrote something else. */
function refresh(): void {
  const { ino, mtimeMs, size } = statSync(LAB_TREE);
  // a new file each time: two of them may have one time
  const now = [ino, mtimeMs, size].join();
  if (now === stamp) return;
  stamp = now;
  const { name, tops } = readProgram();
  nodes.clear();
  number(isRegistry ? APPLICATION_PATH : ROOT, {
    ...{ role: APPLICATION, name, states: [8, 24, 25, 30], claims: [], isSilent: false },
    ...{ rect: [0, 0, 0, 0], children: tops },
  });
}

const variant = (signature: string, value: unknown): Answer => ({
  signature: 'v',
  body: [new Variant(signature, value)],
});

function stateWords(states: readonly number[]): number[] {
  const words = [0, 0];
  for (const bit of states) words[bit >> 5] = ((words[bit >> 5] ?? 0) | (1 << (bit & 31))) >>> 0;
  return words;
}

function answerFor({ member, path, body }: Message, self: string): Answer | null {
  if (isRegistry && path === ROOT && member === 'GetChildren')
    return { signature: 'a(so)', body: [[[self, APPLICATION_PATH]]] };
  const node = nodes.get(path);
  if (node === undefined) return null;
  const children = [
    ...(childPaths.get(path) ?? []).map((child) => [self, child]),
    ...node.claims.map(([connection, child]) => [connection === '' ? self : connection, child]),
  ];
  if (member === 'GetChildren') return { signature: 'a(so)', body: [children] };
  if (member === 'GetState') return { signature: 'au', body: [stateWords(node.states)] };
  if (member === 'GetRole') return { signature: 'u', body: [node.role] };
  if (member === 'GetRelationSet') return { signature: 'a(ua(so))', body: [[]] };
  if (member === 'GetExtents') {
    const rect = body[0] === 1 ? (node.inWindow ?? node.rect) : node.rect;
    return { signature: '(iiii)', body: [[...rect]] };
  }
  const text = written.get(path) ?? node.text;
  if (member === 'GetText' && text !== undefined) return { signature: 's', body: [text] };
  if (member === 'SetTextContents' && text !== undefined) {
    written.set(path, String(body[0]));
    return { signature: 'b', body: [true] };
  }
  if (member !== 'Get') return null;
  if (body[1] === 'Name') return variant('s', node.name);
  return body[1] === 'ChildCount' ? variant('i', children.length) : null;
}

async function connect(busAddress: string): Promise<MessageBus> {
  const bus = sessionBus({ busAddress });
  await new Promise<void>((resolve) => bus.once('connect', resolve));
  return bus;
}

async function busAddress(): Promise<string> {
  if (AT_SPI_BUS_ADDRESS !== '') return AT_SPI_BUS_ADDRESS;
  const session = await connect(DBUS_SESSION_BUS_ADDRESS);
  const reply = await session.call(
    new Message({
      ...{ destination: 'org.a11y.Bus', path: '/org/a11y/bus' },
      ...{ interface: 'org.a11y.Bus', member: 'GetAddress' },
    }),
  );
  session.disconnect();
  return String(reply?.body[0]);
}

async function join(bus: MessageBus, self: string): Promise<void> {
  if (isRegistry) {
    await bus.requestName('org.a11y.atspi.Registry');
    return;
  }
  await bus.call(
    new Message({
      ...{ destination: 'org.a11y.atspi.Registry', path: ROOT },
      ...{ interface: 'org.a11y.atspi.Socket', member: 'Embed' },
      ...{ signature: '(so)', body: [[self, ROOT]] },
    }),
  );
}

const { isRegistry } = readProgram();
refresh();
const bus = await connect(await busAddress());
const self = bus.name ?? '';
bus.addMethodHandler((message: Message) => {
  if (message.type !== MessageType.METHOD_CALL || nodes.get(message.path)?.isSilent === true) return true;
  refresh();
  const answer = answerFor(message, self);
  if (answer === null) return false;
  bus.send(Message.newMethodReturn(message, answer.signature, answer.body));
  return true;
});
await join(bus, self);
writeFileSync(LAB_TREE_READY, self);

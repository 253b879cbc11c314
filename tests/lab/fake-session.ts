import { once, type EventEmitter } from 'node:events';

import { Message, MessageType, Variant, sessionBus, type MessageBus } from '@jellybrick/dbus-next';

import type { Closable } from './belongings.ts';
import { systemBusOf, type Desktop } from './desktop.ts';
import { startBus } from './session-bus.ts';

const LOGIN = 'org.freedesktop.login1';
const SESSION_PATH = '/org/freedesktop/login1/session/_31';
const PROPERTIES = 'org.freedesktop.DBus.Properties';

interface Answer {
  readonly signature: string;
  readonly body: unknown[];
}

/** A program on a message bus, with a name and answers that a test gives. */
interface Service extends Closable {
  signal(about: { path: string; interface: string; member: string } & Answer): void;
}

async function serve(
  address: string,
  name: string,
  answer: (message: Message) => Answer | null,
): Promise<Service> {
  const bus: MessageBus = sessionBus({ busAddress: address });
  const emitter: EventEmitter = bus;
  emitter.on('error', () => undefined); // the bus ended first
  await once(emitter, 'connect');
  bus.addMethodHandler((message: Message) => {
    const reply = message.type === MessageType.METHOD_CALL ? answer(message) : null;
    if (reply === null) return false;
    bus.send(Message.newMethodReturn(message, reply.signature, reply.body));
    return true;
  });
  await bus.requestName(name);
  return {
    signal: ({ path, interface: of, member, signature, body }) =>
      bus.send(Message.newSignal(path, of, member, signature, body)),
    close: async () => {
      bus.disconnect();
      await Promise.resolve();
    },
  };
}

/** What logind says of the session of a desktop. */
export interface FakeLogin extends Closable {
  set(state: { readonly locked?: boolean; readonly active?: boolean }): void;
}

/** Runs a system bus for the desktop, and a login manager on it. */
export async function startLogin(
  desktop: Desktop,
  { display = desktop.display, id = '1' }: { readonly display?: string; readonly id?: string } = {},
): Promise<FakeLogin> {
  desktop.own(await startBus(systemBusOf(desktop.folder), desktop.folder, desktop.env));
  const state = { locked: false, active: true };
  const properties = () => ({
    Id: new Variant('s', id),
    Display: new Variant('s', display),
    Active: new Variant('b', state.active),
    LockedHint: new Variant('b', state.locked),
  });
  const service = await serve(systemBusOf(desktop.folder), LOGIN, ({ member, path }) => {
    if (member !== 'GetAll') return null;
    const user = { Display: new Variant('(so)', [id, SESSION_PATH]) };
    return { signature: 'a{sv}', body: [path === SESSION_PATH ? properties() : user] };
  });
  return desktop.own({
    set: (next) => {
      Object.assign(state, next);
      const body = [`${LOGIN}.Session`, properties(), []];
      const signal = { path: SESSION_PATH, interface: PROPERTIES, member: 'PropertiesChanged' };
      service.signal({ ...signal, signature: 'sa{sv}as', body });
    },
    close: () => service.close(),
  });
}

export interface FakeScreenSaver extends Closable {
  activate(isActive: boolean): void;
}

/** A screen saver of a desktop on its session bus, such as `org.gnome.ScreenSaver`. */
export async function startScreenSaver(desktop: Desktop, name: string): Promise<FakeScreenSaver> {
  const path = `/${name.replaceAll('.', '/')}`;
  const state = { isActive: false };
  const service = await serve(desktop.env['DBUS_SESSION_BUS_ADDRESS'] ?? '', name, ({ member }) =>
    member === 'GetActive' ? { signature: 'b', body: [state.isActive] } : null,
  );
  return desktop.own({
    activate: (isActive) => {
      state.isActive = isActive;
      const signal = { path, interface: name, member: 'ActiveChanged' };
      service.signal({ ...signal, signature: 'b', body: [isActive] });
    },
    close: () => service.close(),
  });
}

import { XConnection } from './connection.ts';

/** Extensions without which a part of the server does without something; those it needs are tried by connecting. */
const WELCOME = [
  ['DAMAGE', 'whether an action changed anything'],
  ['RANDR', 'several displays'],
  ['XFIXES', 'the clipboard'],
] as const;

/** Something that is really done with an X server; nobody notices it. */
export interface Trial {
  readonly name: string;
  readonly run: () => Promise<string>;
}

export const x11Trials = (display: string): readonly Trial[] => [
  { name: 'move the pointer to where it is', run: () => connected(display, nudge) },
  { name: 'find the extensions of the X server', run: () => connected(display, extensions) },
  { name: 'find the window manager', run: () => connected(display, windowManager) },
];

async function connected<T>(display: string, work: (x: XConnection) => Promise<T>): Promise<T> {
  // the library would take the first screen of this computer instead
  if (display === '') throw new Error('DISPLAY is not set');
  const x = await XConnection.open(display);
  try {
    return await work(x);
  } finally {
    x.destroy('it was tried out');
  }
}

async function nudge(x: XConnection): Promise<string> {
  const { rootX, rootY } = await x.ask<{ readonly rootX: number; readonly rootY: number }>((reply) =>
    x.client.QueryPointer(x.root, reply),
  );
  const { xtest } = x.ext;
  xtest.FakeInput(xtest.MotionNotify, 0, 0, x.root, rootX, rootY);
  await x.sync();
  return `XTEST takes input, at ${rootX}, ${rootY}`;
}

async function extensions(x: XConnection): Promise<string> {
  const present = await Promise.all(
    WELCOME.map(([name]) =>
      x.ask<{ readonly present: number }>((reply) => x.client.QueryExtension(name, reply)),
    ),
  );
  const missing = WELCOME.filter((_, index) => present[index]?.present === 0);
  if (missing.length === 0) return `all, with ${WELCOME.map(([name]) => name).join(', ')}`;
  const lacking = missing.map(([name, what]) => `${name} (${what})`).join(', ');
  throw failed(
    `it lacks ${lacking}`,
    'The rest works. Use an X server that has it, such as Xorg, Xvfb or Xvnc.',
  );
}

async function windowManager(x: XConnection): Promise<string> {
  const [check] = await x.longs(x.root, '_NET_SUPPORTING_WM_CHECK', 1);
  // one that ended can leave its number behind
  const [self] = check === undefined ? [] : await x.longs(check, '_NET_SUPPORTING_WM_CHECK', 1);
  if (check === undefined || self !== check) {
    throw failed('none runs, so no window is in front of others', 'Start one, such as: openbox');
  }
  const name = (await x.property(check, '_NET_WM_NAME', 64))?.data.toString() ?? '';
  return name === '' ? 'one without a name' : name;
}

const failed = (message: string, hint: string): Error => Object.assign(new Error(message), { hint });

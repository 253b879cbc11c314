import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import type { Bus } from './bus.ts';
import { Program } from './program.ts';
import { UNMANAGED_ROLES } from './roles.ts';
import type { TopLevel } from './window-match.ts';

const REGISTRY = 'org.a11y.atspi.Registry';
const REGISTRY_ROOT = '/org/a11y/atspi/accessible/root';
/** More programs than any desktop runs. */
const MAX_PROGRAMS = 500;
const MAX_TOPS = 100;
const NOBODY = '/org/a11y/atspi/null';
const WAKE_LOOK_MS = 30;

const references = z.tuple([z.array(z.tuple([z.string(), z.string()]))]);

export interface FoundProgram {
  readonly program: Program;
  readonly root: string;
}

/** The connections of one process to the accessibility bus, as the bus knows them. */
export const programsOf = async (bus: Bus, pid: number): Promise<readonly FoundProgram[]> =>
  (await programsByPid(bus)).get(pid) ?? [];

/** The connections of every process that takes part in accessibility, by its process id. */
export async function programsByPid(bus: Bus): Promise<ReadonlyMap<number, readonly FoundProgram[]>> {
  const body = await bus.call({
    destination: REGISTRY,
    path: REGISTRY_ROOT,
    interface: 'org.a11y.atspi.Accessible',
    member: 'GetChildren',
  });
  const listed = references.parse(body)[0].slice(0, MAX_PROGRAMS);
  // only a unique name stays with the process that the bus names
  const unique = listed.filter(([connection]) => connection.startsWith(':'));
  const pids = await Promise.all(unique.map(([connection]) => pidOrNull(bus, connection)));
  const found = new Map<number, FoundProgram[]>();
  for (const [index, [connection, root]] of unique.entries()) {
    const pid = pids[index] ?? null;
    if (pid === null) continue;
    found.set(pid, [...(found.get(pid) ?? []), { program: new Program(bus, connection), root }]);
  }
  return found;
}

async function pidOrNull(bus: Bus, connection: string): Promise<number | null> {
  try {
    return await bus.pidOf(connection);
  } catch (error) {
    if (bus.isLost) throw error;
    return null; // it left the bus meanwhile
  }
}

/** The windows that a program tells about: those with a frame, and menus and the like. */
export async function topLevelsOf(program: Program, root: string) {
  const paths = (await program.children(root)).flatMap((path) => path ?? []).slice(0, MAX_TOPS);
  const tops = await Promise.all(
    paths.map(async (path) => {
      const [state, role, title, onScreen] = await Promise.all([
        program.state(path),
        program.role(path),
        program.name(path),
        program.extents(path, 'screen'),
      ]);
      return { path, role, title, onScreen, isShowing: state?.isShowing ?? false };
    }),
  );
  const showing = tops.filter(({ isShowing }) => isShowing);
  const frames: readonly TopLevel[] = showing.filter(({ role }) => !UNMANAGED_ROLES.has(role));
  const popups = showing.flatMap(({ role, path }) => (UNMANAGED_ROLES.has(role) ? [path] : []));
  return { frames, popups };
}

/**
 * Chromium builds its tree only once somebody asks for more than names: its window then has one child that is
 * nobody. Asks, and waits until there is a tree or the time is up. True when it had to be woken.
 */
export async function wake(program: Program, frame: string, deadline: AbortSignal): Promise<boolean> {
  const sleeps = async (): Promise<boolean> => {
    const children = await program.children(frame);
    return children.length > 0 && children.every((child) => child === NOBODY);
  };
  if (!(await sleeps())) return false;
  await program.label(frame);
  while (!deadline.aborted && (await sleeps())) await delay(WAKE_LOOK_MS);
  return true;
}

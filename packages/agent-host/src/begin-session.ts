import type { Gateway, Mode } from '@deskhand/gateway';
import type { Limits, Started } from './log/event.ts';
import type { OwnTool } from './loop/own-tool.ts';
import { Memory } from './memory/memory.ts';
import { ownTools } from './memory/tools.ts';
import { beginningOf, mountsNote, timeNote, toolsNote } from './prompt/beginning.ts';
import { projectNotes } from './prompt/project-notes.ts';
import { SYSTEM } from './prompt/system.ts';
import type { Session } from './store/session.ts';

export interface SessionPlan {
  readonly words: string;
  readonly model: string;
  readonly mode: Mode;
  /** Tokens that the model takes at once. */
  readonly window: number;
  readonly limits: Limits;
  readonly mounts: Started['mounts'];
}

const TITLE_LENGTH = 80;

/** The first event of a session but for its tools, which are known when its servers run. */
export const headOf = ({ words, ...plan }: SessionPlan): Omit<Started, 'kind' | 'session' | 'tools'> => ({
  ...plan,
  title: words.replaceAll(/\s+/g, ' ').trim().slice(0, TITLE_LENGTH),
  system: SYSTEM,
});

/** The tools that a session keeps for its life: those of the gateway and the host's own, by name. */
export const toolsOf = (gateway: Gateway, own: readonly OwnTool[]): Started['tools'] =>
  // a server that takes the name of the host gets none of its tools
  [...gateway.tools().filter(({ name }) => !own.some((tool) => tool.name === name)), ...own]
    .map(({ name, description, inputSchema, isReadOnly, standsIn }) => ({
      ...{ name, description, inputSchema, isReadOnly },
      ...(standsIn && { standsIn }),
    }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));

export const ownToolsOf = (home: string, mounts: Started['mounts']): readonly OwnTool[] =>
  ownTools(memoryOf(home, mounts));

const memoryOf = (home: string, mounts: Started['mounts']): Memory =>
  new Memory(
    home,
    mounts.map(({ path }) => path),
  );

interface Circumstances {
  readonly home: string;
  readonly gateway: Gateway;
  readonly mode: Mode;
  readonly now: Date;
}

/** Tells a new session where it is. */
export function tellBeginning(session: Session, { home, gateway, mode, now }: Circumstances): void {
  const { mounts } = session.state.head;
  const memory = memoryOf(home, mounts).beginning();
  const around = {
    ...{ now, mode, mounts, session: session.id },
    servers: gateway.servers(),
    memory,
    projectNotes: projectNotes(mounts),
  };
  for (const note of beginningOf(around)) session.append({ kind: 'noted', ...note });
}

/** Tells a session that goes on later what is another way now. */
export function tellReturn(
  session: Session,
  { gateway, own, now }: Omit<Circumstances, 'home' | 'mode'> & { readonly own: readonly OwnTool[] },
): void {
  session.append({ kind: 'noted', topic: 'time', text: timeNote(now) });
  const { mounts } = session.state.head;
  if (mounts.length > 0)
    session.append({ kind: 'noted', topic: 'mounts', text: mountsNote({ mounts, session: session.id }) });
  const tools = toolsNote(session.state.head.tools, toolsOf(gateway, own));
  if (tools !== null) session.append({ kind: 'noted', topic: 'tools', text: tools });
}

export const say = (session: Session, text: string): void => {
  session.append({ kind: 'said', content: [{ type: 'text', text }] });
};

import type { Mode, ServerStatus } from '@deskhand/gateway';
import { fenced } from './fence.ts';

export interface Surroundings {
  readonly now: Date;
  readonly session: string;
  readonly mode: Mode;
  readonly mounts: readonly { readonly name: string; readonly path: string; readonly isReadOnly: boolean }[];
  readonly servers: readonly ServerStatus[];
  /** The index of the memory, and the names of its other files. */
  readonly memory: { readonly index: string; readonly files: readonly string[] };
  readonly projectNotes: readonly { readonly path: string; readonly text: string }[];
}

const MODES: Readonly<Record<Mode, string>> = {
  ask: 'the person is asked about what has effects',
  'accept-edits': 'changes of files are allowed, the person is asked about the rest',
  plan: 'nothing that has effects is allowed: make a plan',
  bypass: 'nobody is asked',
};

/** What a session should know before the person speaks; it goes in as messages, so that the prompt before stays. */
export function beginningOf(around: Surroundings): readonly { topic: string; text: string }[] {
  const { now, mode, memory, projectNotes } = around;
  const notes = [
    { topic: 'time', text: timeNote(now) },
    { topic: 'mode', text: `[Mode: ${mode}, ${MODES[mode]}.]` },
    { topic: 'mounts', text: mountsNote(around) },
    ...serversNote(around.servers).map((text) => ({ topic: 'servers', text })),
  ];
  if (memory.index !== '' || memory.files.length > 0)
    notes.push({
      topic: 'memory',
      text: fenced('memory', `MEMORY.md; other files: ${memory.files.join(', ') || 'none'}`, memory.index),
    });
  for (const { path, text } of projectNotes)
    notes.push({ topic: 'project', text: fenced('project-notes', `${path}, not from the person`, text) });
  return notes;
}

export const timeNote = (now: Date): string =>
  `[It is ${now.toISOString().slice(0, 16).replace('T', ' ')} UTC.]`;

export const mountsNote = ({ mounts, session }: Pick<Surroundings, 'mounts' | 'session'>): string =>
  mounts.length === 0
    ? '[No folders are shared.]'
    : `[Folders: ${mounts.map(({ name, path, isReadOnly }) => `${name} at /sessions/${session}/mnt/${name} (${path} for the person${isReadOnly ? ', read only' : ''})`).join(', ')}.]`;

const serversNote = (servers: readonly ServerStatus[]): readonly string[] =>
  servers
    .filter(({ state }) => state !== 'ready')
    .map(
      ({ name, state, problem, retry }) =>
        `[The server ${name} is ${state}${problem === null ? '' : `: ${problem}`}${retry === null ? '' : `; ${retry}`}.${state === 'starting' ? ' Its tools come through find_tools.' : ''}]`,
    );

interface Toolish {
  readonly name: string;
}

/** Said when a session goes on with other tools than it began with; its list stays as it was. */
export function toolsNote(before: readonly Toolish[], now: readonly Toolish[]): string | null {
  const names = new Set(now.map(({ name }) => name));
  const gone = before.filter(({ name }) => !names.has(name)).map(({ name }) => name);
  return gone.length === 0 ? null : `[These tools are not there now: ${gone.join(', ')}.]`;
}

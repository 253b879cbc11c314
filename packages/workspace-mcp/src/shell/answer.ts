import { fenced, markedLine, safeLine, untrustedAnswer, type ToolResult } from '@deskhand/server-runtime';
import { shownName } from '../files/byte-names.ts';
import type { KeptRan } from './commands.ts';
import type { Ran } from './session-shell.ts';

/** Characters of an answer, however many of them had to be named. */
const MOST_CHARACTERS = 26_000;

/** Colours, movements of the cursor and titles of windows. */
const ESCAPES = /\u001b(?:\[[0-9;?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)|[@-Z\\-_()][0-9A-B]?)/g;

/** The name of a command, as tools take it. */
const nameOf = (id: number): string => `bash_${id}`;

/** What became of a command, in words. */
export function answerOf(ran: KeptRan): ToolResult {
  const { job, part, state } = ran;
  const printed = part === null ? [] : linesOf(part.head, part.left, part.tail);
  const head = [stateOf(ran), ...notesOf(ran)].join('. ');
  const text = job.isGone
    ? `${head}.`
    : printed.length === 0
      ? `${head}. Nothing ${part?.from === 0 ? '' : 'new '}was printed.`
      : untrustedAnswer(head, printed, { from: 'the command' });
  const isLong = part !== null && part.left > 0 && !job.isGone;
  return {
    text,
    structured: {
      ...{ bash_id: nameOf(job.id), state: job.state, exitCode: job.status, cwd: shownName(state.cwd) },
      ...(part !== null && { nextOffset: job.size }),
    },
    ...(isLong && {
      blocks: [
        {
          ...{ type: 'resource_link', uri: outputUri(job.id), name: `output of ${nameOf(job.id)}` },
          ...{ mimeType: 'text/plain', size: job.size },
        },
      ],
    }),
  };
}

/** All commands of a session, in a line each. */
export function listOf(jobs: readonly Ran['job'][]): ToolResult {
  const lines = jobs.map(({ id, state, status, size, isGone, command }) => {
    const end = state === 'ended' ? endOf(status).toLowerCase() : state;
    return `> ${nameOf(id)}: ${end}, ${size} bytes${isGone ? ' (gone)' : ''}: ${safeLine(command, 100)}`;
  });
  return {
    text: lines.length === 0 ? 'No command was run.' : `Commands of this session:\n${lines.join('\n')}`,
  };
}

const outputUri = (id: number): string => `workspace-output:///${id}`;

function stateOf({ job, state }: Ran): string {
  const seconds = `${(job.ms / 1_000).toFixed(job.ms < 1_000 ? 3 : 1)} s`;
  const name = nameOf(job.id);
  switch (job.state) {
    case 'ended':
      return `${job.isBackground ? `${name}: ` : ''}${endOf(job.status)}, ${seconds}, in ${shownName(state.cwd)}`;
    case 'waiting':
      return `${name} waits for something to be typed (BashInput), after ${seconds}`;
    case 'running':
      return `${name} still runs after ${seconds}, and goes on (BashOutput, BashInput, KillBash)`;
  }
}

const endOf = (status: number | null): string => (status === null ? 'Ended by force' : `Exit code ${status}`);

function notesOf({
  job,
  part,
  isCopy,
  isFresh,
  step,
  notes: left = [],
  hits = [],
}: KeptRan): readonly string[] {
  const notes: string[] = [...hits];
  if (step !== undefined) notes.push(`What was there before is kept as step ${step}, for undo`);
  notes.push(...left.map((note) => note.replace(/\.$/, '')));
  if (isCopy === true)
    notes.push(
      'An earlier command still runs in the shell, so this one got a new shell with its folder, variables and functions',
    );
  if (isFresh === true)
    notes.push('The sandbox had ended: a new shell has the old folder, variables and functions');
  if (job.state === 'ended' && job.isTooMuch)
    notes.push(
      `It printed more than ${Math.floor(job.size / 1024 ** 2)} MiB, and was ended for that: send its output to a file or a filter`,
    );
  else if (job.state === 'ended' && job.hadNoRoom && job.status !== 0)
    notes.push(
      'There was no room left for what commands print, so a part of it may be lost: send its output to a file or a filter',
    );
  if (job.lostShell)
    notes.push(
      'The shell ended with it; the next command gets a new one with its folder, variables and functions',
    );
  if (job.isGone)
    notes.push(
      `What it printed, ${job.size} bytes, made room for what later commands printed: run it again if you need it`,
    );
  else if (part !== null && part.left > 0)
    notes.push(`${part.left} bytes are left out; all ${job.size} are in ${job.path}`);
  return notes;
}

function linesOf(head: string, left: number, tail: string): readonly string[] {
  const first = shown(head, left > 0 ? MOST_CHARACTERS / 3 : MOST_CHARACTERS, 'first');
  if (left === 0) return first;
  return [...first, `(${left} bytes left out)`, ...shown(tail, (MOST_CHARACTERS * 2) / 3, 'last')];
}

function shown(text: string, most: number, which: 'first' | 'last'): readonly string[] {
  if (text === '') return [];
  const lines = fenced(
    text
      .replace(/\n$/, '')
      .split('\n')
      // a line that was written over is what was written last
      .map((line) => markedLine(line.replace(/\r+$/, '').replace(/^.*\r/, '').replaceAll(ESCAPES, ''))),
  );
  const kept: string[] = [];
  let length = 0;
  for (const line of which === 'first' ? lines : lines.toReversed()) {
    const room = most - length;
    if (line.length + 1 > room) {
      if (room > 40)
        kept.push(which === 'first' ? `${line.slice(0, room - 2)}…` : `> …${line.slice(4 - room)}`);
      break;
    }
    kept.push(line);
    length += line.length + 1;
  }
  return which === 'first' ? kept : kept.toReversed();
}

import { safeLine, untrustedAnswer, type ToolResult } from '@deskhand/server-runtime';
import { shownName } from '../files/byte-names.ts';
import type { KeptRan } from './commands.ts';
import type { Ran } from './session-shell.ts';
import { shownOf, type Shown } from './shown-output.ts';

/** The name of a command, as tools take it. */
const nameOf = (id: number): string => `bash_${id}`;

/** What became of a command, in words. */
export function answerOf(ran: KeptRan): ToolResult {
  const { job, part, state } = ran;
  const shown = part === null ? null : shownOf(part);
  const printed = shown?.lines ?? [];
  const head = [stateOf(ran), ...notesOf(ran, shown)].join('. ');
  const text = job.isGone
    ? `${head}.`
    : printed.length === 0
      ? `${head}. Nothing ${part?.from === 0 ? '' : 'new '}was printed.`
      : untrustedAnswer(head, printed, { from: 'the command' });
  const isLong = shown !== null && shown.left > 0 && !job.isGone;
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

function notesOf(
  { job, isCopy, isFresh, step, notes: left = [], hits = [] }: KeptRan,
  shown: Shown | null,
): readonly string[] {
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
  else if (shown !== null && shown.left > 0)
    notes.push(
      `${shown.left} bytes are left out: BashOutput with bash_id ${nameOf(job.id)} and offset ${shown.leftFrom} goes on there`,
      `All ${job.size} are in ${job.path}, for grep or sed with Bash`,
    );
  return notes;
}

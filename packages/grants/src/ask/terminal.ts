import { filePending } from '../pending.ts';
import type { AskChannel } from './request.ts';

export interface TerminalChannelOptions {
  /** The state folder. */
  readonly home: string;
  /** Whose question it is, and whom an answer without `--always` is for. */
  readonly session: string;
}

/** Leaves the question for a person at a terminal: `deskhand-grants pending` and `deskhand-grants answer`. */
export const terminalChannel = ({ home, session }: TerminalChannelOptions): AskChannel => ({
  name: 'terminal',
  ask: () =>
    Promise.resolve({ outcome: 'unavailable', why: 'the question waits for a person at a terminal' }),
  leave: (request) => {
    const { id } = filePending(home, session, request);
    const command = `deskhand-grants --home ${shellQuoted(home)} answer ${id}`;
    return `Tell the person to run this in a terminal: ${command} allow (or deny; the question waits for 24 hours). Then ask again.`;
  },
});

const shellQuoted = (text: string): string =>
  /^[\w./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;

import { COMMANDER, FILESYSTEM } from './metrics.ts';
import type { Said, ServerProcess } from './server-process.ts';
import { SOUGHT } from './tree.ts';
import { OURS } from '../contest.ts';

/** How one server is told what to do; `path` is as the server knows it. */
export interface Tongue {
  readonly name: string;
  read(server: ServerProcess, path: string): Promise<Said>;
  write(server: ServerProcess, path: string, content: string): Promise<Said>;
  edit(server: ServerProcess, path: string, change: Change): Promise<Said>;
  glob(server: ServerProcess, folder: string): Promise<Said>;
  /** `null` where there is no such tool. */
  readonly grep: ((server: ServerProcess, folder: string) => Promise<Said>) | null;
  /** `null` where there is no such tool. */
  readonly bash: ((server: ServerProcess, command: string) => Promise<Said>) | null;
}

export interface Change {
  readonly from: string;
  readonly to: string;
}

export const ours: Tongue = {
  name: OURS,
  read: (server, file_path) => server.call('Read', { file_path }),
  write: (server, file_path, content) => server.call('Write', { file_path, content }),
  edit: (server, file_path, { from, to }) =>
    server.call('Edit', { file_path, old_string: from, new_string: to }),
  glob: (server, path) => server.call('Glob', { path, pattern: SOUGHT.pattern }),
  grep: (server, path) => server.call('Grep', { path, pattern: SOUGHT.word }),
  bash: (server, command) => server.call('Bash', { command }),
};

export const filesystem: Tongue = {
  name: FILESYSTEM,
  read: (server, path) => server.call('read_text_file', { path }),
  write: (server, path, content) => server.call('write_file', { path, content }),
  edit: (server, path, { from, to }) =>
    server.call('edit_file', { path, edits: [{ oldText: from, newText: to }] }),
  glob: (server, path) => server.call('search_files', { path, pattern: SOUGHT.pattern }),
  grep: null,
  bash: null,
};

const together = (one: Said, next: Said): Said => ({
  text: `${one.text}\n${next.text}`,
  bytes: one.bytes + next.bytes,
  ms: one.ms + next.ms,
});

/** A search goes on by itself, and is asked about until it is through. */
async function commanderSearch(
  server: ServerProcess,
  args: Readonly<Record<string, unknown>>,
): Promise<Said> {
  let said = await server.call('start_search', args);
  const sessionId = /session: (\S+)/u.exec(said.text)?.[1];
  for (let isOver = false; !isOver;) {
    const more = await server.call('get_more_search_results', { sessionId });
    isOver = more.text.includes('Status: COMPLETED');
    said = together(said, more);
  }
  return said;
}

export const commander: Tongue = {
  name: COMMANDER,
  read: (server, path) => server.call('read_file', { path, length: 1_000_000 }),
  write: (server, path, content) => server.call('write_file', { path, content, mode: 'rewrite' }),
  edit: (server, file_path, { from, to }) =>
    server.call('edit_block', { file_path, old_string: from, new_string: to }),
  glob: (server, path) =>
    commanderSearch(server, { path, pattern: `*${SOUGHT.ending}`, searchType: 'files' }),
  grep: (server, path) =>
    commanderSearch(server, { path, pattern: SOUGHT.word, searchType: 'content', contextLines: 0 }),
  bash: (server, command) => server.call('start_process', { command, timeout_ms: 60_000 }),
};

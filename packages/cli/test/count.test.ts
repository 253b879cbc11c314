import type { MessagesRequest, Step } from '@deskhand/fake-messages';
import { ledgerRowSchema, type LedgerRow } from '@deskhand/run-ledger';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { calls, DONE, HostProcess } from './lab/host-process.ts';

const rowsOf = (home: string): readonly LedgerRow[] =>
  readdirSync(join(home, 'ledger'))
    .filter((name) => /^\d/.test(name))
    .flatMap((name) => readFileSync(join(home, 'ledger', name), 'utf8').split('\n'))
    .filter((line) => line !== '')
    .map((line) => ledgerRowSchema.parse(JSON.parse(line)));

const told = z.looseObject({
  call: z.string().optional(),
  tool: z.string().optional(),
  server: z.string().optional(),
  decision: z.string().optional(),
  code: z.string().nullable().default(null),
});

const ended = (rows: readonly LedgerRow[], surface: string) =>
  rows
    .filter((row) => row.phase === 'outcome' && row.surface === surface)
    .toSorted((a, b) => (a.ts < b.ts ? -1 : 1))
    .map((row) => ({ name: row.name, ref: row.ref, run: row.run, ...told.parse(row.decision ?? {}) }));

const writes = (file: string): Step => ({
  reply: ({ messages }: MessagesRequest) => {
    const [folder = ''] = /\/sessions\/\w+\/mnt\/notes/.exec(JSON.stringify(messages)) ?? [];
    const input = { file_path: `${folder}/${file}`, content: file };
    return { toolCalls: [{ name: 'workspace__Write', input }] };
  },
});

test('what the workspace server recorded is what the host let through, call by call, and nothing else', async () => {
  const host = new HostProcess();
  const notes = host.folder('notes');
  await host.script(
    calls('workspace__Bash', { command: 'echo one' }),
    calls('workspace__Read', { file_path: '/no/such/file' }),
    calls('workspace__Read', { wrong: 1 }),
    calls('workspace__Bash', { command: 'rm -rf /' }),
    calls('workspace__Nothing', {}),
    calls('call_tool', { name: 'workspace__Bash', arguments: { command: 'echo two' } }),
    writes('a.txt'),
    writes('b.txt'),
    DONE,
  );
  const only = ['--servers', 'workspace', '--unattended'];
  expect((await host.run('run', 'Go', '--mount', `notes=${notes}`, ...only)).code).toBe(3);
  expect((await host.run('resume', 'last', '--answer', 'once', ...only)).code).toBe(3);
  expect((await host.run('resume', 'last', '--answer', 'no', ...only)).code).toBe(0);
  expect(readdirSync(notes)).toEqual(['a.txt']);

  const rows = rowsOf(host.state);
  const digestOf = ({ run, ref }: { readonly run: string; readonly ref: number | undefined }) =>
    rows.find((row) => row.run === run && row.seq === ref && row.phase === 'intent')?.argsSha256;
  const asked = ended(rows, 'host').filter(({ name }) => name !== 'model');
  expect(asked.map(({ name, decision, code }) => [name, decision, code])).toEqual([
    ['workspace__Bash', 'allowed', null],
    ['workspace__Read', 'allowed', 'outside'],
    ['workspace__Read', 'denied', 'invalid_arguments'],
    ['workspace__Bash', 'allowed', 'command_denied'],
    ['workspace__Nothing', 'denied', 'unknown_tool'],
    ['workspace__Bash', 'allowed', null],
    ['workspace__Write', 'parked', null],
    ['workspace__Write', 'allowed', null],
    ['workspace__Write', 'parked', null],
    ['workspace__Write', 'denied', 'denied_by_person'],
  ]);
  const through = asked.filter(({ decision }) => decision === 'allowed');
  expect(new Set(through.map(({ call }) => call)).size).toBe(through.length);
  const reached = ended(rows, 'workspace-mcp');
  expect(reached.map((one) => [one.name, one.code, digestOf(one)])).toEqual(
    through.map((one) => [one.tool, one.code, digestOf(one)]),
  );
  const begun = rows.filter(({ surface, phase }) => surface === 'workspace-mcp' && phase === 'intent');
  expect(begun).toHaveLength(through.length);
});

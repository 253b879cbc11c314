import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { verifyLedgerText } from '@deskhand/run-ledger';
import { expect, onTestFinished, test } from 'vitest';
import { openLedgerSink } from '../src/index.ts';
import { connected, recordedServer, simpleTool } from './fixtures.ts';

const tools = [simpleTool('look', () => ({ text: 'seen', structured: { own: 1 } }))];

test('every answer is completed, those of the pipeline itself included', async () => {
  const { server } = recordedServer(tools, {
    complete: (structured) => Promise.resolve({ tier: 'read', ...structured }),
  });
  const client = await connected(server, { era: '2025' });
  const seen = await client.callTool({ name: 'look', arguments: {} });
  expect(seen.structuredContent).toEqual({ tier: 'read', own: 1 });
  const wrong = await client.callTool({ name: 'look', arguments: { closely: true } });
  expect(wrong).toMatchObject({
    isError: true,
    structuredContent: { tier: 'read', error: { code: 'invalid_arguments' } },
  });
  const unknown = await client.callTool({ name: 'lok', arguments: {} });
  expect(unknown.structuredContent).toMatchObject({ tier: 'read', error: { code: 'unknown_tool' } });
});

test('the ledger sink writes a chain that ties outcomes and notes to their intents', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'server-runtime-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const ledger = openLedgerSink({ folder: join(folder, 'ledger'), surface: 'fixture', session: 's1' });
  const noting = simpleTool('note_it', (call) => {
    call.note({ why: 'because', nothing: undefined });
    return { text: 'noted' };
  });
  const { server } = recordedServer([noting], { audit: ledger });
  const client = await connected(server, { era: '2026' });
  await client.callTool({ name: 'note_it', arguments: {} });
  await client.callTool({ name: 'x'.repeat(5000), arguments: {} });
  await server.close();
  ledger.close();
  const text = readFileSync(ledger.path, 'utf8');
  expect(verifyLedgerText(text)).toMatchObject({ ok: true, rows: 6 });
  const rows: unknown[] = text
    .trim()
    .split('\n')
    .map((line): unknown => JSON.parse(line));
  expect(rows).toMatchObject([
    { seq: 1, phase: 'intent', name: 'note_it' },
    { seq: 2, phase: 'note', ref: 1, decision: { client: { name: 'test', protocol: '2026-07-28' } } },
    { seq: 3, phase: 'note', ref: 1, decision: { why: 'because' } },
    { seq: 4, phase: 'outcome', ref: 1, decision: { status: 'ok' } },
    { seq: 5, phase: 'intent', name: 'x'.repeat(200) },
    { seq: 6, phase: 'outcome', ref: 5, decision: { status: 'error', code: 'unknown_tool' } },
  ]);
});

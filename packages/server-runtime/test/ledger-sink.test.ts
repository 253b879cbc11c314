import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { digestJson, ledgerRowSchema, sha256, verifyFolder, type LedgerRow } from '@deskhand/run-ledger';
import { describe, expect, onTestFinished, test } from 'vitest';
import { openLedgerSink, type AuditRow, type LedgerSink, type LedgerSinkOptions } from '../src/index.ts';
import { connected, recordedServer, simpleTool } from './fixtures.ts';

function sink(options: Partial<LedgerSinkOptions> = {}): { folder: string; ledger: LedgerSink } {
  const home = mkdtempSync(join(tmpdir(), 'server-runtime-'));
  onTestFinished(() => rmSync(home, { recursive: true, force: true }));
  const folder = join(home, 'ledger');
  const ledger = openLedgerSink({ folder, surface: 'fixture', session: 's1', ...options });
  onTestFinished(() => ledger.close());
  return { folder, ledger };
}

const rowsOf = (ledger: LedgerSink): LedgerRow[] =>
  readFileSync(ledger.path, 'utf8')
    .trim()
    .split('\n')
    .map((line) => ledgerRowSchema.parse(JSON.parse(line)));

const picture = Buffer.from('89504e470d0a1a0a', 'hex');

const look = simpleTool('look', () => ({
  text: 'seen',
  images: [{ mimeType: 'image/png', data: picture }],
  blocks: [{ type: 'audio', mimeType: 'audio/wav', data: Buffer.from('beep').toString('base64') }],
}));

describe('a ledger sink', () => {
  const row = (phase: AuditRow['phase'], ref: string, more: Partial<AuditRow> = {}): AuditRow => ({
    phase,
    ref,
    name: 'look',
    session: 's1',
    actor: 'stdio',
    argsSha256: digestJson({}),
    ...more,
  });

  test('files each row under the session and the actor that it names', async () => {
    const { folder, ledger } = sink();
    await ledger.append(row('intent', 'a', { session: 's2', actor: 'laptop' }));
    await ledger.append(row('intent', 'b', { actor: 'x'.repeat(500) }));
    expect(rowsOf(ledger)).toMatchObject([
      { session: 's2', actor: 'laptop', surface: 'fixture' },
      { session: 's1', actor: 'x'.repeat(200) },
    ]);
    expect(verifyFolder(folder)).toMatchObject({ ok: true, rows: 2, unfinished: [{ seq: 1 }, { seq: 2 }] });
  });

  test('ties a note to its call, even one that comes after the outcome', async () => {
    const { ledger } = sink();
    await ledger.append(row('intent', 'a'));
    await ledger.append(row('outcome', 'a', { decision: { status: 'error', code: 'time_out' }, ms: 5 }));
    for (let call = 0; call < 999; call++) {
      await ledger.append(row('intent', String(call)));
      await ledger.append(row('outcome', String(call)));
    }
    await ledger.append(row('note', 'a', { decision: 'the work ended' }));
    await ledger.append(row('note', 'of nothing', { decision: 'stray' }));
    expect(rowsOf(ledger).at(-2)).toMatchObject({ phase: 'note', ref: 1, decision: 'the work ended' });
    expect(rowsOf(ledger).at(-1)?.ref).toBeUndefined();
  });
});

describe('recording', () => {
  test('is off unless it was turned on', async () => {
    const { folder, ledger } = sink();
    expect('record' in ledger).toBe(false);
    const { server } = recordedServer([look], { audit: ledger });
    await (await connected(server, { era: '2025' })).callTool({ name: 'look', arguments: {} });
    await server.close();
    expect(readdirSync(folder)).not.toContain('blobs');
  });

  test('keeps arguments, results and their bytes under the digests that rows name', async () => {
    const { folder, ledger } = sink({ recording: true });
    const { server } = recordedServer([look], { audit: ledger });
    const client = await connected(server, { era: '2025' });
    await client.callTool({ name: 'look', arguments: {} });
    await client.callTool({ name: 'lok', arguments: { typed: 'text' } });
    await server.close();
    const [seen, failed] = rowsOf(ledger).filter(({ phase }) => phase === 'outcome');
    const blob = (digest: string | undefined): unknown =>
      JSON.parse(readFileSync(join(folder, 'blobs', digest ?? ''), 'utf8'));
    expect(blob(seen?.argsSha256)).toEqual({});
    expect(blob(seen?.resultSha256)).toEqual({
      text: 'seen',
      images: [{ mimeType: 'image/png', sha256: sha256(picture) }],
      blocks: [{ type: 'audio', mimeType: 'audio/wav', sha256: sha256('beep') }],
    });
    expect(readFileSync(join(folder, 'blobs', sha256(picture)))).toEqual(picture);
    expect(readFileSync(join(folder, 'blobs', sha256('beep')), 'utf8')).toBe('beep');
    expect(blob(failed?.argsSha256)).toEqual({ typed: 'text' });
    expect(blob(failed?.resultSha256)).toMatchObject({ error: { code: 'unknown_tool' } });
    expect(verifyFolder(folder)).toMatchObject({ ok: true, blobs: 6, unfinished: [] });
  });

  test('costs no call when the disk refuses it', async () => {
    const { ledger } = sink();
    const full = {
      append: (row: AuditRow) => ledger.append(row),
      record: () => {
        throw new Error('the disk is full');
      },
    };
    const { server, logLines } = recordedServer([look], { audit: full });
    const client = await connected(server, { era: '2025' });
    expect(await client.callTool({ name: 'look', arguments: {} })).not.toHaveProperty('isError', true);
    await server.close();
    expect(logLines.join('\n')).toContain('could not be recorded');
    expect(rowsOf(ledger).at(-1)).toMatchObject({ phase: 'outcome', decision: { status: 'ok' } });
  });
});

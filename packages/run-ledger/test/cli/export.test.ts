import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { sha256 } from '../../src/index.ts';
import { containing, ledgerFiles } from '../fixture.ts';
import { argsDigest, evil, pictureBytes, recordedHome } from './recorded-home.ts';
import { runBin } from './run-bin.ts';

const text = (key: string, value: string): unknown => ({ key, value: { stringValue: value } });

describe('run-ledger export --otel', () => {
  test('gives a span for each call, the same at each export', () => {
    const { home, folder } = recordedHome();
    const first = readFileSync(ledgerFiles(folder)[0] ?? '', 'utf8').split('\n')[0] ?? '';
    const { out } = runBin(home, 'export', '--otel');
    expect(runBin(home, 'export', '--otel', '--run', 'run-').out).toBe(out);
    const attributes = (name: string, session: string, ...more: unknown[]): unknown =>
      expect.arrayContaining([
        text('mcp.method.name', 'tools/call'),
        text('gen_ai.operation.name', 'execute_tool'),
        text('gen_ai.tool.name', name),
        text('mcp.session.id', session),
        ...more,
      ]);
    expect(JSON.parse(out)).toMatchObject({
      resourceSpans: [
        {
          resource: { attributes: [text('service.name', 'desktop'), text('service.instance.id', 'run-abc')] },
          scopeSpans: [
            {
              spans: [
                {
                  traceId: sha256('run-abc').slice(0, 32),
                  spanId: /"hash":"(.{16})/.exec(first)?.[1],
                  name: 'tools/call screenshot',
                  kind: 2,
                  attributes: attributes('screenshot', 's1'),
                  events: [{ name: 'screenshot' }],
                  status: {},
                },
                {
                  name: `tools/call ${evil}`,
                  attributes: attributes(evil, 's2', text('error.type', 'not_granted')),
                  status: { code: 2, message: 'not_granted' },
                },
                {
                  name: 'tools/call type',
                  attributes: attributes('type', 's1', text('error.type', 'unknown_outcome')),
                  status: { code: 2, message: 'unknown outcome' },
                },
              ],
            },
          ],
        },
      ],
    });
    const times = [...out.matchAll(/"(?:start|end)TimeUnixNano": "(\d+)"/g)].map(([, at = '']) => BigInt(at));
    expect((times[1] ?? 0n) - (times[0] ?? 0n)).toBe(12_000_000n);
  });
});

describe('run-ledger export --html', () => {
  test('gives a page with everything in it and nothing from elsewhere', () => {
    const { home } = recordedHome();
    const { code, out } = runBin(home, 'export', '--html');
    expect(code).toBe(0);
    expect(out).toContain(`src="data:image/png;base64,${pictureBytes.toString('base64')}"`);
    expect(out).toContain('<pre>seen &amp; done</pre>');
    expect(out).toContain('✗ not_granted');
    expect(out).toContain('? unknown outcome');
    expect(out).toContain("default-src 'none'");
    expect(out).not.toMatch(/(?:src|href)="(?!data:)|url\(|@import|https?:/);
  });

  test('makes no markup of what others chose', () => {
    const { home } = recordedHome();
    const { out } = runBin(home, 'export', '--html');
    expect(out.match(/<script/g)).toHaveLength(1);
    expect(out.match(/<img/g)).toHaveLength(1);
    expect(out).not.toContain('</pre><script>');
    expect(out).toContain('&lt;img src=x onerror=alert(1)&gt;');
    expect(out).toContain('&lt;/pre&gt;&lt;script&gt;alert(2)&lt;/script&gt;');
  });

  test('writes a private file, and wants to know which form', () => {
    const { home } = recordedHome();
    const file = join(home, 'page.html');
    expect(runBin(home, 'export', '--html', '-o', file)).toMatchObject({ code: 0, out: `wrote ${file}\n` });
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(runBin(home, 'export')).toMatchObject({ code: 1, err: containing('--otel and --html') });
    expect(runBin(home, 'export', '--html', '--otel').code).toBe(1);
  });
});

describe('what was redacted', () => {
  test('is in no file and in no export', () => {
    const { home, folder } = recordedHome();
    const secret = 'alert(2)';
    // as a process that was killed while it recorded leaves it
    writeFileSync(join(folder, 'blobs', `${argsDigest}.0123abcd`), secret);
    const everything = (): string =>
      [
        ...readdirSync(join(folder, 'blobs')).map((name) =>
          readFileSync(join(folder, 'blobs', name), 'latin1'),
        ),
        ...ledgerFiles(folder).map((path) => readFileSync(path, 'utf8')),
        runBin(home, 'export', '--html').out,
        runBin(home, 'export', '--otel').out,
      ].join('\n');
    expect(everything()).toContain(secret);
    expect(runBin(home, 'redact', argsDigest)).toMatchObject({ code: 0, out: `removed ${argsDigest}\n` });
    expect(everything()).not.toContain(secret);
    expect(runBin(home, 'verify').code).toBe(0);
  });
});

test('a page that is written over a file that others may read becomes private', () => {
  const { home } = recordedHome();
  const path = join(home, 'replay.html');
  writeFileSync(path, '', { mode: 0o644 });
  expect(runBin(home, 'export', '--html', '-o', path).code).toBe(0);
  expect(statSync(path).mode & 0o777).toBe(0o600);
});

import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DEFAULT_POLICY, TOOL_NAMES, decide, recordDecision, type DecisionRequest } from '../src/index.ts';
import { allow, firefox, mousepad, subject } from './apps.ts';

const CLI = fileURLToPath(new URL('../dist/cli.js', import.meta.url));

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tier-policy-'));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

const run = (...args: string[]): Promise<Ended> =>
  new Promise((resolve, reject) => {
    const child = spawn(CLI, args, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
    let [out, err] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, out, err }));
  });

const file = async (name: string, text: string): Promise<string> => {
  await writeFile(join(folder, name), text);
  return name;
};

describe('tier-policy matrix', () => {
  it('prints every tool in each format', async () => {
    const [text, csv, json, html] = await Promise.all(
      ['text', 'csv', 'json', 'html'].map((format) => run('matrix', '--format', format)),
    );
    for (const tool of TOOL_NAMES) {
      expect(text?.out).toContain(`\n${tool} `);
      expect(csv?.out).toContain(`\n${tool},`);
      expect(json?.out).toContain(`"tool": "${tool}"`);
      expect(html?.out).toContain(`<th scope="row">${tool}</th>`);
    }
    expect(csv?.out).toContain('type,full,keyboard,terminal,tier_too_low\n');
    expect(csv?.out).toContain('screenshot,read,screen,password,hidden\n');
    expect(csv?.out).toContain('type,full,keyboard,app,allowed\n');
    expect(html?.out).not.toMatch(/(src|href)=|url\(|@import/);
    expect([text, csv, json, html].map((ended) => ended?.code)).toEqual([0, 0, 0, 0]);
  });
});

describe('tier-policy explain', () => {
  it('tells why a tool is refused, and ends with 1', async () => {
    const { code, out } = await run(
      'explain',
      '--app',
      'firefox',
      '--tool',
      'type',
      '--granted',
      '--platform',
      'linux',
    );
    expect({ code, out: out.split('\n') }).toEqual({
      code: 1,
      out: [
        'app        Firefox (/usr/bin/firefox)',
        'class      browser: a web browser',
        'tier       read: look at it, without clicking or typing',
        'grant key  linux:/usr/bin/firefox',
        '',
        'type       needs tier full',
        'denied     tier_too_low, by the frontmost application',
        '           Firefox (in front) allows no type: it is a web browser, tier read, and full is needed.',
        '           Use the chrome-mcp tools to act on web pages.',
        '',
      ],
    });
  });

  it('ends with 0 when it is allowed, by a policy here', async () => {
    const policy = await file('lift.yaml', 'tiers: {Firefox: full}');
    const { code, out } = await run(
      'explain',
      '--app',
      '/usr/lib/firefox/firefox',
      '--tool',
      'type',
      '--granted',
      '--policy',
      policy,
    );
    expect(code).toBe(0);
    expect(out).toContain('full, by policy instead of read');
  });

  it('puts every option into the question', async () => {
    const ask = async (...args: string[]): Promise<unknown> => {
      const { out } = await run('explain', '--json', '--platform', 'linux', ...args);
      const answer: unknown = JSON.parse(out);
      return answer;
    };
    expect(
      await ask('--app', '/usr/bin/mousepad', '--recipient', 'xterm', '--tool', 'middle_click', '--granted'),
    ).toMatchObject({
      app: { class: 'app', grantKey: 'linux:/usr/bin/mousepad' },
      recipient: { name: 'XTerm', class: 'terminal' },
      decision: { code: 'tier_too_low', blocker: 'recipient' },
    });
    expect(await ask('--app', '/usr/bin/mousepad', '--tool', 'type')).toMatchObject({
      decision: { code: 'not_granted' },
    });
    expect(await ask('--app', '/usr/bin/mousepad', '--tool', 'type', '--granted', 'click')).toMatchObject({
      decision: { code: 'tier_too_low' },
    });
    expect(
      await ask('--app', '/usr/bin/mousepad', '--tool', 'key', '--keys', 'super+l', '--granted'),
    ).toMatchObject({ decision: { code: 'combo_needs_flag' } });
    expect(
      await ask('--app', 'xterm', '--tool', 'left_click', '--with-modifiers', '--granted'),
    ).toMatchObject({ decision: { code: 'tier_too_low' } });
    expect(
      await ask(
        '--app',
        '/usr/bin/python3.11',
        '--argv',
        '/usr/bin/terminator',
        '--tool',
        'left_click',
        '--granted',
      ),
    ).toMatchObject({
      app: { name: 'Terminator', grantKey: 'linux+argv:/usr/bin/python3.11 /usr/bin/terminator' },
      decision: { allowed: true },
    });
    expect(await ask('--app', 'org.mozilla.firefox', '--tool', 'wait')).toMatchObject({
      app: { grantKey: 'flatpak:org.mozilla.firefox' },
    });
    expect(await ask('--app', 'C:\\Windows\\System32\\cmd.exe', '--tool', 'wait')).toMatchObject({
      app: { class: 'terminal' },
    });
    expect(await ask('--app', 'com.apple.Safari', '--platform', 'macos', '--tool', 'wait')).toMatchObject({
      app: { class: 'browser' },
    });
  });
});

describe('tier-policy lint', () => {
  it('ends with 0 for a valid file and 1 for problems, each on its line', async () => {
    const good = await file('good.yaml', 'denyApps: [Firefox]\n');
    const bad = await file('bad.yaml', 'denyApps:\n  - firefxo\n');
    expect(await run('lint', good)).toEqual({ code: 0, out: 'good.yaml: ok\n', err: '' });
    const { code, out } = await run('lint', bad);
    expect(code).toBe(1);
    expect(out).toMatch(/^bad\.yaml:2:5 No application named "firefxo" is known\. Did you mean Firefox/);
    const inJson = await run('lint', bad, '--json');
    expect(JSON.parse(inJson.out)).toMatchObject({ ok: false, problems: [{ line: 2, column: 5 }] });
  });
});

describe('tier-policy schema', () => {
  it('prints the schema of policy files', async () => {
    const { code, out } = await run('schema');
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ title: 'Deskhand policy' });
  });
});

describe('tier-policy replay', () => {
  const row = (tool: 'left_click' | 'read_page', app: typeof mousepad, seq: number): string => {
    const request: DecisionRequest = {
      action: { tool },
      frontmost: subject(app),
      recipient: subject(app),
      grants: [allow(app)],
      policy: DEFAULT_POLICY,
    };
    const decision = recordDecision(request, decide(request));
    return JSON.stringify({ v: 1, seq, phase: 'intent', name: tool, decision });
  };

  const rows = [
    row('left_click', mousepad, 1),
    row('left_click', firefox, 2),
    row('read_page', firefox, 3),
    JSON.stringify({ v: 1, seq: 4, phase: 'note', name: 'started', decision: null }),
    JSON.stringify({ v: 1, seq: 5, phase: 'intent', name: 'bash', decision: { allowed: true } }),
  ];

  it('tells which decisions another policy would change, and to what', async () => {
    const ledger = await file('run.jsonl', [...rows, '{"v":1,"seq":6,"pha'].join('\n'));
    const policy = await file('new.yaml', 'denyApps: [/usr/bin/mousepad]\ntiers: {Firefox: click}\n');
    expect(await run('replay', ledger, '--policy', policy)).toEqual({
      code: 1,
      out: [
        'run.jsonl:1 left_click on mousepad: allowed (full) -> denied denied_by_policy (none)',
        'run.jsonl:2 left_click on Firefox: denied tier_too_low (read) -> allowed (click)',
        'run.jsonl:3 read_page on Firefox: allowed (read) -> allowed (click)',
        '3 of 3 decisions change, 2 rows without a decision skipped, the torn last line dropped',
        '',
      ].join('\n'),
      err: '',
    });
  });

  it('ends with 0 when nothing changes', async () => {
    const ledger = await file('same.jsonl', `${rows.join('\n')}\n`);
    const policy = await file('same.yaml', 'onceOnly: true\n');
    const { code, out } = await run('replay', ledger, '--policy', policy, '--json');
    expect(code).toBe(0);
    expect(JSON.parse(out)).toEqual({ replayed: 3, skipped: 2, changes: [], malformed: [], isTorn: false });
  });

  it('names malformed lines by their number', async () => {
    const broken = JSON.stringify({ phase: 'intent', decision: { request: { action: {} }, outcome: {} } });
    const ledger = await file('bad.jsonl', ['{', '[]', '{"seq":1}', broken, ''].join('\n'));
    const policy = await file('none.yaml', '');
    const { code, out } = await run('replay', ledger, '--policy', policy);
    expect(code).toBe(1);
    expect(out.split('\n').slice(0, 4)).toEqual([
      'bad.jsonl:1 not a JSON object',
      'bad.jsonl:2 not a JSON object',
      'bad.jsonl:3 not a ledger row: no phase',
      'bad.jsonl:4 not a recorded decision',
    ]);
  });
});

describe('tier-policy', () => {
  it('ends with 2 when it is used wrongly, and says how', async () => {
    const wrong = [
      ['nonsense'],
      ['explain', '--app', 'firefox'],
      ['explain', '--app', 'firefox', '--tool', 'tpe'],
      ['explain', '--app', 'firefox', '--tool', 'key', '--keys', 'zzz+q'],
      ['explain', '--app', '/usr/bin/mousepad', '--tool', 'type', '--granted', 'all'],
      ['matrix', '--format', 'pdf'],
      ['lint', 'missing.yaml'],
      ['replay', 'missing.jsonl', '--policy', 'missing.yaml'],
    ];
    for (const args of wrong) {
      const { code, err } = await run(...args);
      expect([args.join(' '), code]).toEqual([args.join(' '), 2]);
      expect(err).not.toBe('');
    }
  });

  it('explains its commands and exit codes', async () => {
    const { code, out } = await run('--help');
    expect(code).toBe(0);
    for (const word of ['matrix', 'explain', 'lint', 'schema', 'replay', 'Exit codes:', 'Examples:']) {
      expect(out).toContain(word);
    }
  });
});

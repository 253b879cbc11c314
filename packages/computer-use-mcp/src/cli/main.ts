#!/usr/bin/env node
import { ConfigError, createLog, openLedgerSink, parseConfig, serve } from '@deskhand/server-runtime';
import { GrantsError, ensureStateHome, openGrantStore, stateHome } from '@deskhand/grants';
import { DEFAULT_POLICY, type Policy } from '@deskhand/tier-policy';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { config } from '../config.ts';
import { createComputerUse } from '../server.ts';

const USAGE = 2;

class PolicyError extends Error {}

/** The policy file named on the command line, else `policy.yaml` of the state folder when there is one. */
async function readPolicy(file: string | undefined, home: string): Promise<Policy> {
  const path = file ?? join(home, 'policy.yaml');
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if (file === undefined && error instanceof Error && 'code' in error && error.code === 'ENOENT')
      return DEFAULT_POLICY;
    throw new PolicyError(`the policy file ${path} cannot be read: ${String(error)}`);
  }
  const { formatProblem, parsePolicyFile } = await import('@deskhand/tier-policy/policy-file');
  const parsed = parsePolicyFile(text, { filename: path });
  if (parsed.ok) return parsed.policy;
  throw new PolicyError(parsed.problems.map(formatProblem).join('\n'));
}

async function main(): Promise<number> {
  const parsed = await parseConfig(config, { argv: process.argv.slice(2), env: process.env });
  if (parsed.action === 'print') {
    process.stdout.write(parsed.text);
    return 0;
  }
  const { options } = parsed;
  const log = createLog({ level: options.logLevel, write: (line) => process.stderr.write(line) });
  const surroundings = { ...process.env, DESKHAND_HOME: options.home };
  const home = stateHome({ env: surroundings, platform: process.platform, homedir: homedir() });
  ensureStateHome(home);
  const policy = await readPolicy(options.policy, home);
  const session = options.session ?? randomUUID();
  const grants = await openGrantStore({ home });
  const ledger = openLedgerSink({ folder: join(home, 'ledger'), surface: config.name, session });
  const computerUse = createComputerUse({
    session,
    grants,
    policy,
    audit: ledger,
    log,
    approvals: options.approvals,
    tools: options.tools,
    readOnly: options.readOnly,
    display: options.display ?? process.env['DISPLAY'] ?? '',
    env: process.env,
  });
  return serve(computerUse.server, {
    host: process,
    log,
    close: [() => computerUse.close(), () => grants.close(), () => ledger.close()],
  });
}

try {
  process.exitCode = await main();
} catch (error) {
  if (!(error instanceof ConfigError || error instanceof GrantsError || error instanceof PolicyError))
    throw error;
  const hint = error instanceof GrantsError ? `\n${error.hint}` : '';
  process.stderr.write(`${config.name}: ${error.message}${hint}\n`);
  process.exitCode = USAGE;
}

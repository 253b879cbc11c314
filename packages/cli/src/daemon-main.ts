#!/usr/bin/env node
import { runDaemonBin } from '@deskhand/server-runtime';
import { sessionDaemon } from '@deskhand/session-daemon';
import { fileURLToPath } from 'node:url';
import { version } from './version.ts';

const deskhand = fileURLToPath(new URL('cli.js', import.meta.url));
const command = [process.execPath, deskhand, 'worker'];
process.exitCode = await runDaemonBin(
  sessionDaemon({ version, command, platform: process.platform }),
  process,
);

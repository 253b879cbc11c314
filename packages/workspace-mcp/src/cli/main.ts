#!/usr/bin/env node
import { runBin } from '@deskhand/server-runtime';
import { workspace } from '../server.ts';

process.exitCode = await runBin(workspace, process);

#!/usr/bin/env node
import { runBin } from '@deskhand/server-runtime';
import { computerUse } from '../server.ts';

process.exitCode = await runBin(computerUse, process);

#!/usr/bin/env node
import { runBin } from '@deskhand/server-runtime';
import { chrome } from '../server.ts';

process.exitCode = await runBin(chrome, process);

#!/usr/bin/env node
import { runBin } from '@deskhand/server-runtime';
import { fixture } from './definition.ts';

process.exitCode = await runBin(fixture, process);

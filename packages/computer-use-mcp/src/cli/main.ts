#!/usr/bin/env node
import { runBin } from '@deskhand/server-runtime';
import { computerUse } from '../server.ts';

// not awaited: a bundle of scripts has no top-level await
void runBin(computerUse, process).then((code) => {
  process.exitCode = code;
});

#!/usr/bin/env node
import { runBin } from '@deskhand/server-runtime';
import { workspace } from '../server.ts';

// not awaited: a bundle of scripts has no top-level await
void runBin(workspace, process).then((code) => {
  process.exitCode = code;
});

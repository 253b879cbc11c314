import { runtimeErrorCodes, type Reference } from '@deskhand/server-runtime';
import { config } from './config.ts';
import { errorCodes } from './errors.ts';
import { PathRules } from './permissions/path-rules.ts';
import { WorkspaceSession } from './session.ts';
import { Commands } from './shell/commands.ts';
import { SessionShell } from './shell/session-shell.ts';
import { commandTools, fileTools } from './tools/index.ts';

const session = new WorkspaceSession({
  name: 'reference',
  mounts: [],
  home: '',
  rules: new PathRules([], undefined),
  worker: [],
  ripgrep: '',
  pictures: [],
  deadline: 30_000,
});
const nothing = () => Promise.reject(new Error('nothing runs here'));
const commands = new Commands(new SessionShell(session), {
  session,
  approval: { admit: nothing, admitLosses: nothing },
  checkpoints: session.checkpoints,
});

const access = { admit: nothing, freeToEdit: () => null, check: () => undefined, hidden: nothing };

/** What the generated references are made from. */
export const reference: Reference = {
  tools: [
    ...fileTools(session, { folders: { ask: nothing }, access }),
    ...commandTools(session, { commands, ports: { ask: nothing } }),
  ],
  config,
  errorCodes: { ...runtimeErrorCodes, ...errorCodes },
};

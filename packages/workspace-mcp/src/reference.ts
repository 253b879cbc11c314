import { runtimeErrorCodes, type Reference } from '@deskhand/server-runtime';
import { config } from './config.ts';
import { errorCodes } from './errors.ts';
import { WorkspaceSession } from './session.ts';
import { workspaceTools } from './tools/index.ts';

/** What the generated references are made from. */
export const reference: Reference = {
  tools: workspaceTools(
    new WorkspaceSession({
      name: 'reference',
      mounts: [],
      home: '',
      worker: '',
      ripgrep: '',
      pictures: [],
      deadline: 30_000,
    }),
  ),
  config,
  errorCodes: { ...runtimeErrorCodes, ...errorCodes },
};

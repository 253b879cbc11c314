import { createLog, runtimeErrorCodes, type Reference } from '@deskhand/server-runtime';
import type { GrantStore } from '@deskhand/grants';
import { DEFAULT_POLICY } from '@deskhand/tier-policy';
import { config } from './config.ts';
import { errorCodes } from './errors.ts';
import { createComputerUse } from './server.ts';

const noGrants: GrantStore = {
  file: '',
  list: () => [],
  add: () => Promise.reject(new Error('the reference grants nothing')),
  revoke: () => Promise.resolve([]),
  close: () => undefined,
};

const { server } = createComputerUse({
  session: 'reference',
  grants: noGrants,
  policy: DEFAULT_POLICY,
  audit: { append: () => undefined },
  log: createLog({ level: 'silent', write: () => undefined }),
  approvals: 'decline',
  display: '',
  env: {},
});

/** What the generated references are made from. */
export const reference: Reference = {
  tools: server.tools,
  config,
  errorCodes: { ...runtimeErrorCodes, ...errorCodes },
};

import { Live, runtimeErrorCodes, type Reference } from '@deskhand/server-runtime';
import type { GrantStore } from '@deskhand/grants';
import { DEFAULT_POLICY } from '@deskhand/tier-policy';
import { config } from './config.ts';
import { UnprovenDesktop } from './desktop/unproven-desktop.ts';
import { errorCodes } from './errors.ts';
import { desktopSurface } from './server.ts';

const noGrants: GrantStore = {
  file: '',
  list: () => [],
  add: () => Promise.reject(new Error('the reference grants nothing')),
  revoke: () => Promise.resolve([]),
  endSession: () => Promise.resolve([]),
  close: () => undefined,
};

const surface = desktopSurface({
  grants: noGrants,
  policy: DEFAULT_POLICY,
  home: '',
  approvals: 'decline',
  makeDesktop: () => new UnprovenDesktop({ reason: 'the reference has no desktop', hint: '' }),
  display: '',
  abortKey: null,
  env: {},
});
const { tools } = surface.session({ id: 'reference', actor: 'reference' });

/** What the generated references are made from. */
export const reference: Reference = {
  tools: tools instanceof Live ? tools.value : tools,
  config,
  errorCodes: { ...runtimeErrorCodes, ...errorCodes },
};

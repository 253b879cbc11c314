import type { Group } from '../group.ts';
import { cookies } from './cookies.ts';
import { storageState } from './storage-state.ts';
import { webStorage } from './web-storage.ts';

export const storageGroup: Group = {
  name: 'storage',
  about: 'cookies, local and session storage, state to and from files',
  offers: ['cookies', 'web_storage', 'storage_state'],
  open: (session) => ({
    tools: [cookies(session), webStorage(session), storageState(session)],
    close: () => undefined,
  }),
};

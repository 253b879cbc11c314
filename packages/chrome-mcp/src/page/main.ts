import type { PageApi } from './api.ts';

const api: PageApi = {
  describe: () => null,
};

Object.defineProperty(globalThis, 'deskhand', { value: api });

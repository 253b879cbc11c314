import type { Group } from '../group.ts';
import { emulate } from './emulate.ts';
import { Emulation } from './emulation.ts';

export const emulationGroup: Group = {
  name: 'emulation',
  about: 'device, viewport, offline, place, locale, dark',
  offers: ['emulate'],
  open: (session) => {
    const emulation = new Emulation(session);
    return { tools: [emulate(session, emulation)], close: () => emulation.end() };
  },
};

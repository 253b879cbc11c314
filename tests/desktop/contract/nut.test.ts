import { holdToContract } from './contract.ts';
import { openX11Stage } from './x11-stage.ts';

holdToContract('nut-js on X11', () =>
  openX11Stage({
    backend: (display) => ({ kind: 'nut', platform: 'linux', display }),
    typable: 'He said: "a=b" <c>; {d} [x] `q` \\ | ~ A-Z 0-9 !@#$%^&*() +?',
  }),
);

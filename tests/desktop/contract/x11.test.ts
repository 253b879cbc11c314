import { holdToContract } from './contract.ts';
import { openX11Stage } from './x11-stage.ts';

holdToContract('X11', () =>
  openX11Stage({
    backend: (display) => ({ kind: 'x11', display }),
    typable: 'Hé said: "a=b" <c>; {d} 漢字 🎉 żЖ',
  }),
);

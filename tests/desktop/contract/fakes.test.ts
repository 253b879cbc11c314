import { holdToContract } from './contract.ts';
import { openFakeStage } from './fake-stage.ts';

holdToContract('macOS as its libraries describe it', () => openFakeStage({ platform: 'macos', scale: 2 }));
holdToContract('Windows as its libraries describe it', () =>
  openFakeStage({ platform: 'windows', scale: 1 }),
);

import { holdToContract } from './contract.ts';
import { openSwayStage } from './sway-stage.ts';

holdToContract('sway', openSwayStage);

import { holdToContract } from './contract.ts';
import { openHyprlandStage } from './sway-stage.ts';

holdToContract('Hyprland, as spoken by a sway', openHyprlandStage);

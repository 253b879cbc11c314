import type { Case } from '../case.ts';
import { changing } from './changing.ts';
import { dialogs } from './dialogs.ts';
import { fields } from './fields.ts';
import { frames } from './frames.ts';
import { loading } from './loading.ts';
import { overlays } from './overlays.ts';
import { pointing } from './pointing.ts';
import { reading } from './reading.ts';

/** Pages on which browser servers fail. */
export const hardPages: readonly Case[] = [
  ...overlays,
  ...pointing,
  ...fields,
  ...frames,
  ...changing,
  ...reading,
  ...loading,
  ...dialogs,
];

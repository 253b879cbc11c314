import type { Stage } from '../stage.ts';
import { asking } from './asking.ts';
import { forgedWindow } from './forged-window.ts';
import { hiddenPaste } from './hidden-paste.ts';
import { refusing } from './refusals.ts';
import { stolenFocus } from './stolen-focus.ts';
import { systemKeys } from './system-keys.ts';
import { computing, writing } from './working.ts';

async function tricking(stage: Stage): Promise<void> {
  stage.story.begin('7  Tricks');
  await stolenFocus(stage);
  await hiddenPaste(stage);
  await forgedWindow(stage);
  await systemKeys(stage);
}

/** The whole play, one act after the other. */
export async function play(stage: Stage): Promise<void> {
  const untouched = await asking(stage);
  await writing(stage, untouched);
  await computing(stage);
  await refusing(stage);
  await tricking(stage);
}

import { appendToNote } from '../editing.ts';
import type { Stage } from '../stage.ts';
import type { Finding } from '../story.ts';
import { takeView } from '../views.ts';

const NOTE = 'Grüße — 3 × 4 = 12 ✓\nΓειά, мир! €5 ♥\n';
const SUM = '12*34+5';
const RESULT = '413';

/** What was allowed works: any character, saved by the editor itself. */
export async function writing(stage: Stage, untouched: Finding): Promise<void> {
  stage.story.begin('4  Writing a note');
  const allowed = await appendToNote(stage, NOTE);
  stage.story.expect({
    what: 'note.txt saved by mousepad is byte-equal to what was typed',
    witness: 'the file',
    refused: { ...untouched, saw: `before the yes: ${untouched.saw}` },
    allowed: { ...allowed, saw: `after it: ${allowed.saw}` },
  });
}

/** A sum on the calculator, which writes its result down when it ends. */
export async function computing(stage: Stage): Promise<void> {
  const { agent, galculator, story } = stage;
  story.begin('5  Computing');
  await agent.does('open_application', { app: 'galculator' });
  await agent.does('type', { text: SUM });
  await agent.does('key', { text: 'Return' });
  await takeView(
    stage,
    'After the yes',
    'The note is saved, the sum is done, and nothing is hidden from the agent.',
  );
  story.remark('The person closes galculator, which keeps its last result.');
  const shown = await galculator.lastValue();
  story.expect({
    what: `galculator computed ${SUM}`,
    witness: 'its own settings file',
    allowed: { saw: `its display showed ${shown}`, held: shown === RESULT },
  });
}

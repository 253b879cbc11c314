import { openFixtureWindow } from '../../lab/fixture-window.ts';
import { appendToNote } from '../editing.ts';
import { FREE_PLACE, type Stage } from '../stage.ts';
import { takeView } from '../views.ts';
import { gotByWindow } from '../witnesses.ts';

/** A window with the class, the title and the process number of mousepad, and another executable behind it. */
export async function forgedWindow(stage: Stage): Promise<void> {
  const { agent, desktop, mousepad, story, stranger } = stage;
  story.remark('A stranger’s window says that it is mousepad: the same class, title and process number.');
  const forged = await openFixtureWindow(
    desktop,
    {
      place: FREE_PLACE,
      windowClass: ['mousepad', 'Mousepad'],
      title: await mousepad.title(),
      pid: mousepad.pid,
    },
    { executable: stranger },
  );
  await forged.activate();
  const place = agent.coordinate(FREE_PLACE.x + 100, FREE_PLACE.y + 100);
  await agent.does('type', { text: 'The code is 1234.\n' }, 'not_granted');
  await agent.does('left_click', { coordinate: place }, 'not_granted');
  await takeView(
    stage,
    'A forged window',
    'The window at the bottom left calls itself mousepad in every way it can; the agent sees it black. What xterm shows is the person’s own paste.',
  );
  const refused = await gotByWindow(desktop, forged);
  await forged.close();
  story.remark('The same text goes to the real one:');
  const allowed = await appendToNote(stage, 'The code is 1234.\n');
  story.expect({
    what: 'A window that forges mousepad’s class, title and pid gets nothing',
    witness: 'its journal; the file',
    refused,
    allowed,
  });
}

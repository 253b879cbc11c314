import type { OpenDialog } from './browser/dialog.ts';
import { DialogOpen } from './browser/failure.ts';
import type { Tab } from './browser/tab.ts';
import { answers } from './browser/watchdog.ts';

/** How long a page may take to answer that is not stopped. */
const ANSWER_MS = 500;

/** Ends the calls of other tabs that a dialog stops with its own, because the windows share a process. */
export async function endHeldUp(tabs: readonly Tab[], by: Tab, dialog: OpenDialog): Promise<void> {
  const others = tabs.filter((tab) => tab !== by && tab.isBusy && tab.dialog === null);
  await Promise.all(
    others.map(async (tab) => {
      const isHeldUp = !(await answers(tab.page, ANSWER_MS)) && by.dialog === dialog;
      if (isHeldUp) tab.interrupt(new DialogOpen(dialog, by.id));
    }),
  );
}

/** Looks at a tab while dialogs are open in others. @throws DialogOpen when one of them stops it */
export async function checkHeldUp(tabs: readonly Tab[], tab: Tab): Promise<void> {
  const by = tabs.find((one) => one !== tab && one.dialog !== null);
  if (by?.dialog == null || tab.dialog !== null || (await answers(tab.page, ANSWER_MS))) return;
  throw new DialogOpen(by.dialog, by.id);
}

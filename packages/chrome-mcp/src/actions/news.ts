import type { Outcome } from './performance.ts';
import { quoted } from './words.ts';

const ADDRESS_LENGTH = 300;

/** What came of an action in a tab, a line each. */
export function newsOf({ tab, watch, settled, isClosed }: Outcome): readonly string[] {
  if (isClosed) return [`The tab ${tab.id} closed.`];
  const address = watch.navigations.filter(({ frame }) => frame === tab.main.id).at(-1);
  const dialog = watch.dialogs.at(-1);
  return [
    ...(address === undefined ? [] : [`The page is now ${quoted(address.url, ADDRESS_LENGTH)}.`]),
    ...watch.downloads.map((name) => `A download began: ${quoted(name)}.`),
    ...(dialog === undefined || tab.dialog === null
      ? []
      : [
          `A dialog (${dialog.type}) is open and says ${quoted(dialog.message, ADDRESS_LENGTH)}: answer it with handle_dialog.`,
        ]),
    ...loading(settled),
  ];
}

function loading(settled: Outcome['settled']): readonly string[] {
  if (settled === null) return [];
  const [first] = settled.pending;
  if (first !== undefined) {
    const more = settled.pending.length > 1 ? ` and ${settled.pending.length - 1} more` : '';
    return [`Still loading: ${quoted(first.url)}${more}.`];
  }
  if (settled.isSaving) return ['Still loading: what the link saves has not come yet.'];
  return settled.isNavigating ? ['Still loading: the next page has not come yet.'] : [];
}

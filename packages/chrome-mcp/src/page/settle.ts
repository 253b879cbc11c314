import type { SettleRequest } from './action-api.ts';

/** Waits until nothing in the document changed for a while: whether it came to that before the cap. */
export function settle({ quietMs, capMs }: SettleRequest): Promise<boolean> {
  return new Promise((resolve) => {
    const observer = new MutationObserver(() => {
      clearTimeout(quiet);
      quiet = setTimeout(() => end(true), quietMs);
    });
    let quiet = setTimeout(() => end(true), quietMs);
    const cap = setTimeout(() => end(false), capMs);
    observer.observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
    function end(isQuiet: boolean): void {
      clearTimeout(quiet);
      clearTimeout(cap);
      observer.disconnect();
      resolve(isQuiet);
    }
  });
}

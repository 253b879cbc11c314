/** Shows dots for what a field holds, on the screen and in pictures. */
export function veil(element: Element): void {
  if (!(element instanceof HTMLElement)) return;
  if (!element.matches('input, textarea') && !element.isContentEditable) return;
  element.style.setProperty('-webkit-text-security', 'disc', 'important');
}

import type { Element } from './accessibility.ts';
import type { Located } from './tree-text.ts';

/** Elements whose name, value and role have every word of the query, the best match first. */
export function findElements(start: Located, query: string): readonly Located[] {
  const wanted = normal(query);
  const words = wanted.split(' ');
  const found: { readonly located: Located; readonly score: number }[] = [];
  const visit = (located: Located, parentName: string): void => {
    const { element, within } = located;
    const isEcho = element.name !== '' && element.children.length === 0 && element.name === parentName;
    const score = isEcho ? 0 : scoreOf(element, wanted, words);
    if (score > 0) found.push({ located, score });
    const inside = [...within, element.address];
    for (const child of element.children) visit({ element: child, within: inside }, element.name);
  };
  visit(start, '');
  return found.sort((a, b) => b.score - a.score).map(({ located }) => located);
}

/** The element at a path. */
export function elementAt(start: Located, path: string): Located | null {
  if (start.element.address.path === path) return start;
  const within = [...start.within, start.element.address];
  for (const element of start.element.children) {
    const found = elementAt({ element, within }, path);
    if (found !== null) return found;
  }
  return null;
}

const normal = (text: string): string => text.normalize('NFKC').toLowerCase().replaceAll(/\s+/gu, ' ').trim();

function scoreOf({ name, value, role }: Element, wanted: string, words: readonly string[]): number {
  const own = normal(name);
  if (own === wanted) return 4;
  if (own !== '' && own.startsWith(wanted)) return 3;
  if (own.includes(wanted)) return 2;
  const all = `${own} ${normal(value ?? '')} ${role}`;
  return words.every((word) => all.includes(word)) ? 1 : 0;
}

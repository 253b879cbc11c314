/** How far a rule about paths has come on the way down: each list is what is left of it. An empty one has matched. */
export type Rest = readonly (readonly string[])[];

/** What is left of a rule one name further down; where that is nothing, nothing below fits. */
export const enter = (rest: Rest, name: string): Rest => {
  const next = rest.flatMap((names) => step(names, name));
  return [...new Map(next.map((names) => [names.join('/'), names])).values()];
};

/** What is left of it in a folder, by the names that lead there. */
export const enterAll = (rest: Rest, names: readonly string[]): Rest => names.reduce(enter, rest);

/** It names what is here, and all below. */
export const hasMatched = (rest: Rest): boolean => rest.some((names) => names.length === 0);

/** It names everything below at least: as good as the folder itself, for what restricts. */
export const takesAll = (rest: Rest): boolean => rest.some((names) => names.every((name) => name === '**'));

/** The names of a path. */
export const namesOf = (path: string): readonly string[] => path.split('/').filter(Boolean);

function step(names: readonly string[], name: string): readonly (readonly string[])[] {
  const [first, ...later] = names;
  if (first === undefined) return [[]];
  if (first === '**') return [names, ...step(later, name)];
  return fits(first, name) ? [later] : [];
}

/** Case and composition of characters do not part names: some disks take them for the same. */
function fits(pattern: string, name: string): boolean {
  return patternOf(pattern.normalize('NFC')).test(name.normalize('NFC'));
}

/** A name of a gitignore pattern: `*`, `?`, `[a-z]`, `[!a]`, and `\` before what is meant as it is. */
function patternOf(pattern: string): RegExp {
  const parts = pattern.match(/\\.|\[[!^]?\]?[^\]]*\]|[^]/gsu) ?? [];
  const source = parts.map((part) => {
    if (part === '*') return '.*';
    if (part === '?') return '.';
    if (/^\[.+\]$/su.test(part)) return `[${part.slice(1, -1).replace(/^!/, '^').replaceAll('\\', '\\\\')}]`;
    return part.replace(/^\\(?=.)/su, '').replaceAll(/[\\^$.|?*+()[\]{}/]/g, String.raw`\$&`);
  });
  return new RegExp(`^${source.join('')}$`, 'isu');
}

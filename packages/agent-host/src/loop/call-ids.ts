import type { TurnPart } from '@deskhand/model';

/** The parts with ids and names that any service takes back: local models repeat their ids, and make up names. */
export function inOrder(content: readonly TurnPart[], used: ReadonlySet<string>): readonly TurnPart[] {
  const taken = new Set(used);
  return content.map((part) => {
    if (part.type !== 'call') return part;
    const id = unique(part.id.replaceAll(/[^\w-]/g, '_') || 'call', taken);
    taken.add(id);
    return { ...part, id, name: part.name.replaceAll(/[^\w-]/g, '_').slice(0, 64) || 'unnamed' };
  });
}

function unique(id: string, taken: ReadonlySet<string>): string {
  for (let number = 1; ; number++) {
    const candidate = number === 1 ? id : `${id}_${number}`;
    if (!taken.has(candidate)) return candidate;
  }
}

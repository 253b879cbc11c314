import { LineCounter, isAlias, isMap, isScalar, isSeq, parseDocument } from 'yaml';

/** Line and column, both from 1. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** A YAML document as plain data that remembers where everything stood. */
export type YamlTree =
  | { readonly kind: 'map'; readonly at: Place; readonly entries: readonly YamlEntry[] }
  | { readonly kind: 'list'; readonly at: Place; readonly items: readonly YamlTree[] }
  | { readonly kind: 'text'; readonly at: Place; readonly value: string }
  | { readonly kind: 'boolean'; readonly at: Place; readonly value: boolean }
  | { readonly kind: 'nothing'; readonly at: Place }
  | { readonly kind: 'other'; readonly at: Place };

export interface YamlEntry {
  readonly key: string;
  readonly at: Place;
  readonly value: YamlTree;
}

export interface YamlError {
  readonly at: Place;
  readonly message: string;
}

export type YamlResult =
  | { readonly ok: true; readonly tree: YamlTree }
  | { readonly ok: false; readonly errors: readonly YamlError[] };

interface Ranged {
  readonly range?: readonly [number, number, number] | null | undefined;
}

const placeIn =
  (lines: LineCounter) =>
  (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  };

const startOf = (node: unknown, otherwise: number): number => {
  const ranged: Ranged = typeof node === 'object' && node !== null ? node : {};
  return ranged.range?.[0] ?? otherwise;
};

const scalarTree = (value: unknown, at: Place): YamlTree => {
  if (typeof value === 'string') return { kind: 'text', at, value };
  if (typeof value === 'boolean') return { kind: 'boolean', at, value };
  return value === null ? { kind: 'nothing', at } : { kind: 'other', at };
};

const treeOf = (node: unknown, outer: number, place: (offset: number) => Place): YamlTree => {
  const start = startOf(node, outer);
  const at = place(start);
  if (isScalar(node)) return scalarTree(node.value, at);
  if (isSeq(node)) return { kind: 'list', at, items: node.items.map((item) => treeOf(item, start, place)) };
  if (isMap(node)) {
    const entries = node.items.map((pair): YamlEntry => {
      const keyStart = startOf(pair.key, start);
      const key = isScalar(pair.key) ? String(pair.key.value) : '';
      return { key, at: place(keyStart), value: treeOf(pair.value, keyStart, place) };
    });
    return { kind: 'map', at, entries };
  }
  if (isAlias(node)) return { kind: 'other', at };
  return { kind: 'nothing', at };
};

/** Reads one YAML document. Keys that occur twice are errors. */
export const readYaml = (text: string): YamlResult => {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true });
  const place = placeIn(lines);
  if (document.errors.length > 0) {
    const errors = document.errors.map((error) => ({ at: place(error.pos[0]), message: error.message }));
    return { ok: false, errors };
  }
  return { ok: true, tree: treeOf(document.contents, 0, place) };
};

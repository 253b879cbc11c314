import { z } from 'zod';

/** Millions of numbers, which are checked where they are read. */
const numbers = z.custom<readonly number[]>(Array.isArray);

const snapshot = z.object({
  snapshot: z.object({
    meta: z.object({
      node_fields: z.array(z.string()),
      node_types: z.tuple([z.array(z.string())]).rest(z.unknown()),
      edge_fields: z.array(z.string()),
      edge_types: z.tuple([z.array(z.string())]).rest(z.unknown()),
    }),
  }),
  nodes: numbers,
  edges: numbers,
  strings: z.custom<readonly string[]>(Array.isArray),
});

/** Names of kinds of objects that have no class. */
const KINDS: Readonly<Record<string, string>> = {
  ...{ string: '(string)', 'concatenated string': '(string)', 'sliced string': '(string)' },
  ...{ array: '(array)', code: '(compiled code)', closure: '(function)', hidden: '(system)' },
  ...{ 'object shape': '(shape)', synthetic: '(root)', number: '(number)', bigint: '(bigint)' },
};

/** A picture of all objects of a page and what holds them, by their numbers in it; 0 is the root. */
export class Heap {
  readonly count: number;
  /** Of each object its edges are those from here to that of the next. */
  readonly firstEdge: Uint32Array;
  /** The object that an edge leads to. */
  readonly target: Uint32Array;
  /** Bytes of each object alone. */
  readonly size: Float64Array;
  readonly #data: z.output<typeof snapshot>;
  readonly #weak: number;

  constructor(text: string) {
    this.#data = snapshot.parse(JSON.parse(text));
    const { snapshot: about, nodes, edges } = this.#data;
    const { node_fields: fields, edge_fields: edgeFields, edge_types: types } = about.meta;
    const [wide, edgeWide] = [fields.length, edgeFields.length];
    this.count = nodes.length / wide;
    this.firstEdge = new Uint32Array(this.count + 1);
    this.size = new Float64Array(this.count);
    const [sizeAt, edgesAt] = [fields.indexOf('self_size'), fields.indexOf('edge_count')];
    for (let node = 0; node < this.count; node++) {
      this.size[node] = nodes[node * wide + sizeAt] ?? 0;
      this.firstEdge[node + 1] = (this.firstEdge[node] ?? 0) + (nodes[node * wide + edgesAt] ?? 0);
    }
    const toAt = edgeFields.indexOf('to_node');
    this.target = Uint32Array.from({ length: edges.length / edgeWide }, (_, edge) =>
      Math.floor((edges[edge * edgeWide + toAt] ?? 0) / wide),
    );
    this.#weak = types[0].indexOf('weak');
  }

  /** Whether an edge keeps what it leads to. */
  holds(edge: number): boolean {
    return this.#edge(edge, 'type') !== this.#weak;
  }

  classOf(node: number): string {
    const { node_types: types } = this.#data.snapshot.meta;
    const type = types[0][this.#node(node, 'type')] ?? '';
    return KINDS[type] ?? (this.#data.strings[this.#node(node, 'name')] ?? '').slice(0, 80);
  }

  /** How an edge is called in the code: a property, an index, a variable. */
  edgeName(edge: number): string {
    const { edge_types: types } = this.#data.snapshot.meta;
    const type = types[0][this.#edge(edge, 'type')] ?? '';
    const name = this.#edge(edge, 'name_or_index');
    if (type === 'element' || type === 'hidden') return `[${name}]`;
    const text = (this.#data.strings[name] ?? '').slice(0, 80);
    return type === 'property' ? `.${text}` : `(${text})`;
  }

  #node(node: number, field: string): number {
    const { node_fields: fields } = this.#data.snapshot.meta;
    return this.#data.nodes[node * fields.length + fields.indexOf(field)] ?? 0;
  }

  #edge(edge: number, field: string): number {
    const { edge_fields: fields } = this.#data.snapshot.meta;
    return this.#data.edges[edge * fields.length + fields.indexOf(field)] ?? 0;
  }
}

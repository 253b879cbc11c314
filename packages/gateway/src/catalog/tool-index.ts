import MiniSearch from 'minisearch';
import { z } from 'zod';
import type { KnownTool } from './known-tool.ts';
import { stemmed, wordsOf } from './stem.ts';

const MOST_HITS = 5;
const WORDLESS = new Set(
  'a an and any are as at be by can do does for from get give has have how i if in into is it its me my now of on or our please so some that the their them then there these this to us use want was we what when where which who will with you your'.split(
    ' ',
  ),
);

const schemaShape = z.looseObject({ properties: z.record(z.string(), z.unknown()).catch({}) });

/** Finds tools by words: BM25 over names, descriptions and servers, and over parameters of trusted servers. */
export class ToolIndex {
  readonly #search = new MiniSearch({
    fields: ['name', 'server', 'description', 'parameters'],
    tokenize: wordsOf,
    processTerm: (word) => (WORDLESS.has(word) ? null : stemmed(word)),
    searchOptions: {
      boost: { name: 3, server: 1, description: 1, parameters: 0.5 },
      prefix: (word) => word.length > 3,
      weights: { fuzzy: 0.2, prefix: 0.4 },
      fuzzy: (word) => (word.length > 5 ? 0.15 : false),
    },
  });
  readonly #tools: ReadonlyMap<string, KnownTool>;

  constructor(tools: ReadonlyMap<string, KnownTool>) {
    this.#tools = tools;
    this.#search.addAll(
      [...tools.values()].map((known) => ({
        id: known.name,
        name: known.tool.name,
        server: known.server.about.name,
        // of a suspended tool the words are not to be trusted, nor worth finding
        description: known.isSuspended ? '' : (known.tool.description ?? ''),
        parameters: known.server.about.isOwn ? parametersOf(known.tool.inputSchema) : '',
      })),
    );
  }

  /** The best first. */
  find(query: string): readonly KnownTool[] {
    return this.#search
      .search(query)
      .flatMap(({ id }) => this.#tools.get(String(id)) ?? [])
      .slice(0, MOST_HITS);
  }
}

function parametersOf(inputSchema: unknown): string {
  const read = schemaShape.safeParse(inputSchema);
  return read.success ? Object.keys(read.data.properties).join(' ') : '';
}

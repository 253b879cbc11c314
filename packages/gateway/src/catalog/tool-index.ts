import MiniSearch from 'minisearch';
import { z } from 'zod';
import type { KnownTool } from './known-tool.ts';
import { isThing, thingsOf } from './near-words.ts';
import { stemmed, wordsOf } from './stem.ts';

const MOST_HITS = 5;
/** What another word for the same thing is worth. */
const THING = 0.6;
const WORDLESS = new Set(
  'a an and any are as at be by can do does for from get give has have how i if in into is it its me my now of on or our please so some that the their them then there these this to us use want was we what when which who will with you your'.split(
    ' ',
  ),
);

const schemaShape = z.looseObject({ properties: z.record(z.string(), z.unknown()).catch({}) });

/** Finds tools by words: BM25 over names, descriptions and servers, and over parameters of trusted servers. */
export class ToolIndex {
  readonly #search = new MiniSearch({
    fields: ['name', 'server', 'description', 'parameters'],
    tokenize: wordsOf,
    processTerm: (word) => (WORDLESS.has(word) ? null : [stemmed(word), ...thingsOf(stemmed(word))]),
    searchOptions: {
      // what is searched for is a term already
      tokenize: (term) => [term],
      processTerm: (term) => term,
      boost: {
        name: 1.5,
        server: 1,
        description: 1,
        parameters: 0.5,
      },
      boostTerm: (term) => (isThing(term) ? THING : 1),
      bm25: { k: 1.2, b: 0.2, d: 0.5 },
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
    const scores = new Map<string, number>();
    for (const word of new Set(wordsOf(query).filter(isTelling).map(stemmed)))
      for (const [name, score] of this.#scoresOf(word)) scores.set(name, (scores.get(name) ?? 0) + score);
    return [...scores]
      .sort(([a, more], [b, less]) => less - more || (a < b ? -1 : 1))
      .flatMap(([name]) => this.#tools.get(name) ?? [])
      .slice(0, MOST_HITS);
  }

  /** A word counts once, as itself or as what it stands for. */
  #scoresOf(stem: string): ReadonlyMap<string, number> {
    const scores = new Map<string, number>();
    for (const term of [stem, ...thingsOf(stem)])
      for (const { id, score } of this.#search.search(term)) {
        const name = String(id);
        scores.set(name, Math.max(scores.get(name) ?? 0, score));
      }
    return scores;
  }
}

const isTelling = (word: string): boolean => !WORDLESS.has(word);

function parametersOf(inputSchema: unknown): string {
  const read = schemaShape.safeParse(inputSchema);
  return read.success ? Object.keys(read.data.properties).join(' ') : '';
}

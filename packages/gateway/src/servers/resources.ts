import type { CallToolResult, Client, ReadResourceResult, Resource } from '@modelcontextprotocol/client';

const MOST_WATCHED = 20;
const LONGEST_URI = 2000;
const WATCH_MS = 10_000;

/** What a server offers to be read, in one life of it. */
export interface ResourceList {
  readonly resources: readonly Pick<Resource, 'uri' | 'name' | 'title' | 'description' | 'mimeType'>[];
  /** URIs with `{parts}` to be filled in. */
  readonly templates: readonly {
    readonly uri: string;
    readonly name: string;
    readonly description?: string;
  }[];
}

export class Resources {
  readonly #client: Client;
  readonly #onChanged: (uri: string) => void;
  /** What was read, and whether its change was told since. */
  readonly #watched = new Map<string, { isTold: boolean }>();

  constructor(client: Client, onChanged: (uri: string) => void) {
    this.#client = client;
    this.#onChanged = onChanged;
    client.setNotificationHandler('notifications/resources/updated', ({ params }) =>
      this.#updated(params.uri),
    );
  }

  get areOffered(): boolean {
    return this.#client.getServerCapabilities()?.resources !== undefined;
  }

  async list(signal: AbortSignal): Promise<ResourceList> {
    const options = { signal, cacheMode: 'refresh' } as const;
    const { resources } = await this.#client.listResources(undefined, options);
    const { resourceTemplates } = await this.#client.listResourceTemplates(undefined, options);
    const templates = resourceTemplates.map(({ uriTemplate, name, description }) => ({
      ...{ uri: uriTemplate, name },
      ...(description !== undefined && { description }),
    }));
    return { resources, templates };
  }

  /** Also has its changes told, where the server can. */
  async read(
    uri: string,
    options: { readonly signal: AbortSignal; readonly timeout: number },
  ): Promise<CallToolResult> {
    // before it is read, so that no change falls between
    await this.#watch(uri);
    const { contents } = await this.#client.readResource({ uri }, { ...options, cacheMode: 'refresh' });
    return { content: contents.map(blockOf) };
  }

  async #watch(uri: string): Promise<void> {
    const client = this.#client;
    const known = this.#watched.get(uri);
    if (known !== undefined) known.isTold = false;
    const isOffered = client.getServerCapabilities()?.resources?.subscribe === true;
    if (known !== undefined || !isOffered) return;
    if (this.#watched.size >= MOST_WATCHED || uri.length > LONGEST_URI) return;
    this.#watched.set(uri, { isTold: false });
    try {
      const limit = { timeout: WATCH_MS };
      if (client.getProtocolEra() !== 'modern') await client.subscribeResource({ uri }, limit);
      else {
        const { closed } = await client.listen({ resourceSubscriptions: [uri] }, limit);
        void closed.then(() => this.#watched.delete(uri));
      }
    } catch {
      // it can be read all the same; a change of it is not told
      this.#watched.delete(uri);
    }
  }

  #updated(uri: string): void {
    const watched = this.#watched.get(uri);
    if (watched === undefined || watched.isTold) return;
    watched.isTold = true;
    this.#onChanged(uri);
  }
}

function blockOf(resource: ReadResourceResult['contents'][number]): CallToolResult['content'][number] {
  const { mimeType } = resource;
  return 'blob' in resource && mimeType?.startsWith('image/') === true
    ? { type: 'image', data: resource.blob, mimeType }
    : { type: 'resource', resource };
}

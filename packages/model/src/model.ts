/** A model that can be asked, wherever it runs. */
export interface Model {
  /** Such as `claude-opus-5-5`; what a ledger and a price list name. */
  readonly name: string;
  /**
   * Says the next turn of a conversation.
   *
   * @throws ModelError
   */
  respond(request: ModelRequest, options: RespondOptions): Promise<ModelTurn>;
  /**
   * Tokens of a request, from the service where it counts them, else about.
   *
   * @throws ModelError
   */
  count(request: ModelRequest, options: { readonly signal: AbortSignal }): Promise<TokenCount>;
}

export interface RespondOptions {
  readonly signal: AbortSignal;
  /** Hears what comes before the turn is whole. What it heard of a turn that failed does not count. */
  readonly hear?: (event: ModelEvent) => void;
}

export interface ModelRequest {
  /** Does not change during a session, so that it is read from the cache. */
  readonly system: string;
  /** In the same order every time. */
  readonly tools: readonly ToolDefinition[];
  readonly messages: readonly Message[];
  /** Of the answer, thinking included. */
  readonly maxTokens: number;
}

export interface ToolDefinition {
  /** 1 to 64 of letters, digits, `_` and `-`. */
  readonly name: string;
  readonly description: string;
  /** JSON Schema of an object. */
  readonly inputSchema: Readonly<Record<string, unknown>>;
  /** Calls other tools, for models that cannot be shown a tool in the middle of a conversation; others do not get it. */
  readonly standsIn?: true;
}

/** Calls and their results are pairs: each call of a turn is answered by the message after it. */
export type Message =
  | { readonly role: 'user'; readonly content: readonly (Text | Picture | ToolResult)[] }
  | { readonly role: 'assistant'; readonly content: readonly TurnPart[] };

export type TurnPart = Text | Thinking | ToolCall;

export interface Text {
  readonly type: 'text';
  readonly text: string;
  /** In a result: the tool that these words tell of. A model that can be shown tools is shown it instead. */
  readonly tool?: ToolDefinition;
}

export interface Picture {
  readonly type: 'picture';
  readonly mimeType: 'image/png' | 'image/jpeg' | 'image/webp' | 'image/gif';
  /** Base64. */
  readonly data: string;
}

/** Goes back as it came, to the model that it came from; others do not get it. */
export interface Thinking {
  readonly type: 'thinking';
  /** Whose it is, by its name. */
  readonly model: string;
  /** Empty where the service keeps the words to itself. */
  readonly text: string;
  /** What the service knows it by. */
  readonly token: string;
  readonly isRedacted: boolean;
}

export interface ToolCall {
  readonly type: 'call';
  readonly id: string;
  readonly name: string;
  readonly input: Readonly<Record<string, unknown>>;
}

export interface ToolResult {
  readonly type: 'result';
  /** Of the call. */
  readonly id: string;
  readonly content: readonly (Text | Picture)[];
  readonly isError: boolean;
}

export interface ModelTurn {
  readonly content: readonly TurnPart[];
  /** `cut` at the limit of tokens; `paused` goes on when it is sent back as it is. */
  readonly stop: 'end' | 'calls' | 'cut' | 'refused' | 'paused';
  readonly usage: ModelUsage;
  /** As the service names the request; for its support. */
  readonly requestId: string | null;
}

/** Tokens; no one of them is counted in another. */
export interface ModelUsage {
  readonly input: number;
  readonly cacheRead: number;
  /** Written for five minutes, and for an hour. */
  readonly cacheWrite: { readonly short: number; readonly long: number };
  readonly output: number;
}

export interface TokenCount {
  readonly tokens: number;
  readonly isEstimate: boolean;
}

export type ModelEvent =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'thinking'; readonly text: string }
  | { readonly kind: 'call'; readonly name: string };

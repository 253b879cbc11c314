/** Base64 text, or the bytes themselves. */
export type Bytes = string | Uint8Array;

/** A picture that stands for a server, a tool, a resource or a prompt. */
export interface Icon {
  /** An https or data URL. */
  readonly src: string;
  readonly mimeType?: string;
  /** Such as `48x48`, or `any` for a picture that scales. */
  readonly sizes?: readonly string[];
  readonly theme?: 'light' | 'dark';
}

/** What a resource holds. */
export type ResourceContents =
  | { readonly uri: string; readonly mimeType?: string; readonly text: string }
  | { readonly uri: string; readonly mimeType?: string; readonly blob: Bytes };

/** Points to a resource of this server that the client can read. */
export interface ResourceLink {
  readonly uri: string;
  readonly name: string;
  readonly title?: string;
  readonly description?: string;
  readonly mimeType?: string;
  /** In bytes. */
  readonly size?: number;
}

/** One piece of an answer or of a prompt. */
export type ContentBlock =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'image' | 'audio'; readonly data: Bytes; readonly mimeType: string }
  | { readonly type: 'resource'; readonly resource: ResourceContents }
  | ({ readonly type: 'resource_link' } & ResourceLink);

import type { Icon, ResourceContents } from './content.ts';
import type { Live } from './live.ts';
import type { CallContext } from './tool.ts';

interface ResourceAbout {
  /** Unique among the resources of a server. */
  readonly name: string;
  readonly title?: string;
  readonly description?: string;
  readonly mimeType?: string;
  readonly icons?: readonly Icon[];
}

/** Something a client can read under one address. */
export interface Resource extends ResourceAbout {
  readonly uri: string;
  /** Changes whenever the contents do; clients may then subscribe. */
  readonly changes?: Live<unknown>;
  read(call: CallContext): Promise<readonly ResourceContents[]>;
}

/** Suggestions for one value, the best first; `given` are the values that are already there. */
export type Suggest = (
  value: string,
  given: Readonly<Record<string, string>>,
) => readonly string[] | Promise<readonly string[]>;

/** Many resources whose addresses differ in some variables. */
export interface ResourceTemplate extends ResourceAbout {
  /** RFC 6570, such as `notes://{folder}/{name}`. */
  readonly uriTemplate: string;
  /** Suggestions for the variables. */
  readonly suggest?: Readonly<Record<string, Suggest>>;
  read(
    uri: string,
    variables: Readonly<Record<string, string | readonly string[]>>,
    call: CallContext,
  ): Promise<readonly ResourceContents[]>;
}

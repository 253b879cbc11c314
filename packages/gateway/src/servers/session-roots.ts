import type { CallToolResult } from '@modelcontextprotocol/client';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import { sandboxSession } from '../process/sandboxed-process.ts';
import type { GatewayServer } from './server-config.ts';

/** The folders of a session, as its host knows them. */
export interface SessionFolders {
  list(): readonly { readonly name: string; readonly path: string }[];
  /** Returns what stops the listening. */
  listen(hear: () => void): () => void;
  /** A server of this project says that it mounted one, which the person may have allowed to all sessions. */
  mounted(path: string): void;
}

const giving = z.looseObject({ folder: z.string() });

/** Hears what a server of this project says that it mounted; what others say is only their word. */
export function tellMounted(
  { isOwn }: GatewayServer,
  { structuredContent, isError }: CallToolResult,
  folders: SessionFolders | undefined,
): void {
  const said = giving.safeParse(structuredContent);
  if (isOwn && isError !== true && said.success) folders?.mounted(said.data.folder);
}

/** A folder as the protocol has it. */
export interface Root {
  readonly uri: string;
  readonly name: string;
}

/** What a server is told of the folders of the session: nothing unless it may; in a sandbox those that it has there. */
export function rootsFor(
  { name, isOwn, seesRoots = false, reached }: GatewayServer,
  folders: SessionFolders | undefined,
): (() => readonly Root[]) | undefined {
  if (folders === undefined || !(isOwn || seesRoots)) return undefined;
  if (reached.kind !== 'stdio' || reached.sandbox === undefined) return () => folders.list().map(rootOf);
  const { mounts } = reached.sandbox.confinement;
  const base = `/sessions/${sandboxSession(name)}/mnt`;
  return () => mounts.map((mount) => rootOf({ name: mount.name, path: `${base}/${mount.name}` }));
}

const rootOf = ({ name, path }: { readonly name: string; readonly path: string }): Root => ({
  uri: pathToFileURL(path).href,
  name,
});

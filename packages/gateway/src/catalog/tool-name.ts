import { createHash } from 'node:crypto';

const MOST = 64;
const HASH = 8;
/** Holds no `__` and ends in no `_`, so that the first `__` of a name ends it. */
const PLAIN_SERVER = /^[A-Za-z0-9-]+(?:_[A-Za-z0-9-]+)*$/;
const PLAIN_TOOL = /^[A-Za-z0-9_-]+$/;

/**
 * The name under which a model sees a tool, `server__tool`: the same in each session, whatever other tools there are.
 * What does not fit into 64 of letters, digits, `_` and `-` is cut and told apart by a hash of both names.
 */
export function publicName(server: string, tool: string): string {
  const plain = `${server}__${tool}`;
  if (plain.length <= MOST && PLAIN_SERVER.test(server) && PLAIN_TOOL.test(tool)) return plain;
  return hashedName(server, tool, HASH);
}

/** For a name that is another tool's already, which only a server that wants it so can bring about. */
export const hashedName = (server: string, tool: string, digits: number): string => {
  const hash = createHash('sha256')
    .update(JSON.stringify([server, tool]))
    .digest('hex')
    .slice(0, digits);
  return `${`${startOfNames(server)}${letters(tool)}`.slice(0, MOST - digits - 1)}_${hash}`;
};

/** How the names of all tools of a server start. */
export const startOfNames = (server: string): string => `${letters(server)}__`;

const letters = (text: string): string => text.replaceAll(/[^A-Za-z0-9_-]/g, '_');

import { argumentsOf } from './arguments.ts';
import { UNKNOWN } from './scope.ts';
import { inTable } from './table.ts';
import { ask, changing, harmless, type Effect } from './verdict.ts';
import type { Field } from './words.ts';

const REMOTE =
  /^(curl|wget|aria2c|nc|ncat|netcat|socat|telnet|ftp|sftp|scp|ssh|rsh|http|https|xh|dig|nslookup|host|ping|traceroute|docker|podman|kubectl|gh|aws|gcloud|az)$/;

interface Client {
  /** Options that take the next word, and decide nothing about where it goes. */
  readonly values: readonly string[];
  /** Those among them that name a file that is written. */
  readonly files: readonly string[];
  /** Other options that are harmless. */
  readonly plain: RegExp;
}

/** Programs that often ask a server of the agent's own. */
const CLIENTS: Readonly<Record<string, Client>> = {
  curl: {
    values:
      '-o --output -X --request -H --header -d --data --data-raw --data-binary --data-urlencode --json -F --form -u --user -w --write-out -A --user-agent -b --cookie -m --max-time --connect-timeout --retry --retry-delay'.split(
        ' ',
      ),
    files: ['-o', '--output'],
    plain:
      /^(-[sSfiIvLkGN46]+|--(silent|show-error|fail|include|head|verbose|location|insecure|get|compressed|no-buffer|retry-connrefused|fail-with-body))$/,
  },
  wget: {
    values: '-O --output-document -T --timeout -t --tries --header --post-data -U --user-agent'.split(' '),
    files: ['-O', '--output-document'],
    plain: /^(-[qSv46]+|-qO-|-O-|--(quiet|server-response|spider|no-verbose|no-check-certificate))$/,
  },
  nc: { values: ['-w'], files: [], plain: /^-[zvnt46]+$/ },
};

const LOOPBACK =
  /^(?:(?:https?|wss?):\/\/)?(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d{1,5})?(?:[/?#].*)?$/i;

/** What a program does that speaks to other computers, or to servers of this sandbox; `null` for other programs. */
export function remoteEffects(
  name: string,
  fields: readonly Field[],
  written: (field: Field) => Effect,
): readonly Effect[] | null {
  if (!REMOTE.test(name)) return null;
  const client = inTable(CLIENTS, name);
  const { options, operands } = argumentsOf(fields, client?.values);
  const isOurs =
    client !== undefined &&
    fields.every(({ text }) => !text.includes(UNKNOWN)) &&
    operands.length > 0 &&
    operands.every(({ text }, at) => LOOPBACK.test(text) || (name === 'nc' && at === 1)) &&
    options.every((option, at) => isHarmless(option, options[at - 1], client));
  if (!isOurs) return [ask(`${name} reaches other computers`)];
  const files = fields.filter((_, at) => client.files.includes(fields[at - 1]?.text ?? ''));
  const isChanging = options.some((option) => /^(-X|-d|--data|--json|-F|--form|--post-data)/.test(option));
  return [isChanging ? changing : harmless, ...files.map(written)];
}

const isHarmless = (option: string, before: string | undefined, { values, plain }: Client): boolean =>
  values.includes(option) || plain.test(option) || (before !== undefined && values.includes(before));

import { ConfigError } from '../config/config-error.ts';
import type { Service } from './service.ts';

/** The unit of the daemon itself. */
export function serviceUnit({ name, description, command, cwd, env }: Service): string {
  return [
    '[Unit]',
    `Description=${specifiers(oneLine(description))}`,
    `Requires=${name}.socket`,
    `After=${name}.socket`,
    '',
    '[Service]',
    `ExecStart=${command.map(commandWord).join(' ')}`,
    `WorkingDirectory=${plainPath(cwd)}`,
    ...Object.entries(env).map(([key, value]) => `Environment=${word(`${key}=${value}`)}`),
    // a crash is started again; a stop or an idle exit waits for the next connection
    'Restart=on-failure',
    'RestartSec=1',
    // the daemon itself lets calls finish first
    'KillMode=mixed',
    'TimeoutStopSec=20',
    'UMask=0077',
    '',
    '[Install]',
    `Also=${name}.socket`,
    'WantedBy=default.target',
    '',
  ].join('\n');
}

/** The unit of the sockets, which systemd holds while the daemon is not there. */
export function socketUnit({ description, socket, address }: Service): string {
  return [
    '[Unit]',
    `Description=${specifiers(oneLine(description))} (sockets)`,
    '',
    '[Socket]',
    `ListenStream=${plainPath(socket)}`,
    'SocketMode=0600',
    'DirectoryMode=0700',
    ...(address === undefined ? [] : [`ListenStream=${address}`]),
    '',
    '[Install]',
    'WantedBy=sockets.target',
    '',
  ].join('\n');
}

/** Quoted for a unit file: systemd.syntax(7), with the `%` specifiers of systemd.unit(5). */
function word(text: string): string {
  return `"${specifiers(text)
    .replaceAll('\\', '\\\\')
    .replaceAll('"', '\\"')
    .replaceAll('\n', '\\n')
    .replaceAll('\t', '\\t')
    .replaceAll('\r', '\\r')}"`;
}

/** In ExecStart `$` stands for variables as well: systemd.service(5). */
const commandWord = (text: string): string => word(text.replaceAll('$', '$$$$'));

const specifiers = (text: string): string => text.replaceAll('%', '%%');

/** A path as the whole of a line, where nothing can be quoted: a backslash at its end would take the next line in. */
function plainPath(path: string): string {
  if (/[\p{Cc}]|\\$|^\s|\s$/u.test(path)) {
    throw new ConfigError(
      `folder ${JSON.stringify(path)}`,
      'cannot stand in a unit file. Use another folder',
    );
  }
  return specifiers(path);
}

const oneLine = (text: string): string => text.replaceAll(/\s*[\r\n]+\s*/g, ' ');

import { existsSync, mkdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { launchAgent, launchdLabel } from '../daemon/launchd.ts';
import { scheduledTask, taskName } from '../daemon/scheduled-task.ts';
import type { Service } from '../daemon/service.ts';
import { serviceUnit, socketUnit } from '../daemon/systemd.ts';
import { CliError, exitCodes } from './cli-error.ts';
import { defineCommand, type CommandContext } from './command.ts';
import { placeOf } from './daemon-place.ts';
import { doorOptions, type DoorOptions } from './door-options.ts';
import { runTool } from './system-tool.ts';

/** Flags of `install` itself; everything else on its command line is for the daemon. */
const installOptions = doorOptions.extend({
  print: z.boolean().default(false).meta({ description: 'Show what would be written, and write nothing' }),
  env: z.array(z.string()).default([]).meta({
    description: 'Hand the present value of a variable to the daemon',
    placeholder: 'NAME',
    repeat: true,
  }),
});

interface Installation {
  readonly files: readonly { readonly path: string; readonly text: string }[];
  /** What makes the service manager read them, run one after another. */
  readonly after: readonly (readonly string[])[];
  /** What undoes it, before the files go. */
  readonly before: readonly (readonly string[])[];
  readonly hint?: string;
}

export const daemonInstall = defineCommand({
  name: 'daemon install',
  options: installOptions,
  takesServerOptions: true,
  example: 'daemon install --print --http --port 4711 --env XAUTHORITY',
  async run(options, context) {
    const { host } = context;
    const { files, after, hint } = installationOf(serviceOf(options, context), context);
    if (options.print) {
      for (const { path, text } of files) host.stdout.write(`# ${path}\n${text}\n`);
      for (const command of after) host.stdout.write(`# then: ${command.join(' ')}\n`);
      return exitCodes.ok;
    }
    for (const { path, text } of files) {
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, encoded(path, text), { mode: 0o600 });
      host.stdout.write(`wrote ${path}\n`);
    }
    for (const command of after) await runTool(command);
    if (hint !== undefined) host.stdout.write(`${hint}\n`);
    return exitCodes.ok;
  },
});

export const daemonUninstall = defineCommand({
  name: 'daemon uninstall',
  options: z.object({}),
  takesServerOptions: false,
  example: 'daemon uninstall',
  async run(_options, context) {
    const { host } = context;
    const { files, before } = installationOf(serviceOf(undefined, context), context);
    const there = files.filter(({ path }) => existsSync(path));
    if (there.length === 0) {
      host.stdout.write('it is not installed\n');
      return exitCodes.ok;
    }
    for (const command of before) {
      await runTool(command).catch((error: unknown) =>
        host.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`),
      );
    }
    for (const { path } of there) {
      rmSync(path);
      host.stdout.write(`removed ${path}\n`);
    }
    return exitCodes.ok;
  },
});

function serviceOf(
  options: (DoorOptions & { readonly env: readonly string[] }) | undefined,
  context: CommandContext,
): Service {
  const { program, host, argv } = context;
  const { name, description } = program.config;
  const place = placeOf(context);
  const isHttp = options !== undefined && (options.http || program.isDaemonOnly === true);
  const unset = options?.env.find((key) => host.env[key] === undefined);
  if (unset !== undefined) {
    throw new CliError(`the variable ${unset} is not set, so it cannot be handed on`, {
      hint: `Set it, or leave out --env ${unset}.`,
    });
  }
  const wanted = [
    'DESKHAND_HOME',
    ...program.config.options.map(({ env }) => env),
    ...(program.env ?? []),
    ...(options?.env ?? []),
  ];
  const env = wanted.flatMap((key) => (host.env[key] === undefined ? [] : [[key, host.env[key]] as const]));
  return {
    name,
    description,
    command: [host.execPath, realpathSync(String(host.argv[1])), 'daemon', 'run', ...forDaemon(argv)],
    cwd: process.cwd(),
    env: Object.fromEntries(env),
    socket: place.socket,
    address: isHttp && options.port > 0 ? `${options.host}:${options.port}` : undefined,
    logFile: place.logFile,
  };
}

/** The command line without the flags of `install`. */
function forDaemon(argv: readonly string[]): readonly string[] {
  const isOwn = (arg: string): boolean => arg === '--print' || arg === '--env' || arg.startsWith('--env=');
  return argv.filter((arg, index) => !isOwn(arg) && argv[index - 1] !== '--env');
}

function installationOf(service: Service, { host }: CommandContext): Installation {
  if (host.platform === 'darwin') return launchd(service);
  if (host.platform === 'win32') return windows(service);
  return systemd(service, host.env);
}

function systemd(service: Service, env: CommandContext['host']['env']): Installation {
  const { name } = service;
  const folder = join(env['XDG_CONFIG_HOME'] ?? join(homedir(), '.config'), 'systemd/user');
  return {
    files: [
      { path: join(folder, `${name}.socket`), text: socketUnit(service) },
      { path: join(folder, `${name}.service`), text: serviceUnit(service) },
    ],
    after: [
      ['systemctl', '--user', 'daemon-reload'],
      ['systemctl', '--user', 'enable', '--now', `${name}.socket`, `${name}.service`],
    ],
    before: [['systemctl', '--user', 'disable', '--now', `${name}.service`, `${name}.socket`]],
    ...lingerHint(env),
  };
}

/** Without a graphical login nobody starts the services of a user, unless the user lingers. */
function lingerHint(env: CommandContext['host']['env']): { readonly hint?: string } {
  const { username } = userInfo();
  const isGraphical = env['DISPLAY'] !== undefined || env['WAYLAND_DISPLAY'] !== undefined;
  if (isGraphical || existsSync(join('/var/lib/systemd/linger', username))) return {};
  return {
    hint: `It runs while ${username} is logged in. To run it from boot on: loginctl enable-linger ${username}`,
  };
}

function launchd(service: Service): Installation {
  const path = join(homedir(), 'Library/LaunchAgents', `${launchdLabel(service.name)}.plist`);
  const domain = `gui/${String(process.getuid?.() ?? 0)}`;
  return {
    files: [{ path, text: launchAgent(service) }],
    after: [['launchctl', 'bootstrap', domain, path]],
    before: [['launchctl', 'bootout', `${domain}/${launchdLabel(service.name)}`]],
  };
}

function windows(service: Service): Installation {
  const path = join(dirname(service.logFile), '..', 'daemons', `${service.name}.task.xml`);
  return {
    files: [{ path, text: scheduledTask(service) }],
    after: [['schtasks', '/create', '/f', '/tn', taskName(service.name), '/xml', path]],
    before: [['schtasks', '/delete', '/f', '/tn', taskName(service.name)]],
  };
}

/** The task scheduler reads UTF-16 only. */
const encoded = (path: string, text: string): string | Buffer =>
  path.endsWith('.task.xml') ? Buffer.from(`\ufeff${text}`, 'utf16le') : text;

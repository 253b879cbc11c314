import { daemonPlace, type DaemonPlace } from '../daemon/place.ts';
import type { CommandContext } from './command.ts';
import { openHome } from './house.ts';

/** Where the daemon of this bin, user and state folder is; the state folder is made when missing. */
export const placeOf = ({
  program,
  host,
  standard,
}: Pick<CommandContext, 'program' | 'host' | 'standard'>): DaemonPlace =>
  daemonPlace({
    home: openHome(standard, host),
    name: program.config.name,
    platform: host.platform,
    uid: process.geteuid?.() ?? 0,
  });

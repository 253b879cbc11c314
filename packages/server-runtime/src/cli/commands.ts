import { callCommand, toolsCommand } from './call.ts';
import { configCommand } from './config-command.ts';
import type { Command } from './command.ts';
import { daemonInstall, daemonUninstall } from './daemon-install.ts';
import { daemonLogs } from './daemon-logs.ts';
import { daemonRun } from './daemon-run.ts';
import { daemonStart } from './daemon-start.ts';
import { daemonStatusCommand } from './daemon-status.ts';
import { daemonRestart, daemonStop } from './daemon-stop.ts';
import { daemonDoctor, doctor } from './doctor.ts';
import { serveCommand } from './serve-command.ts';
import { tokenCreate, tokenList, tokenRevoke } from './token.ts';

/** Every command of a bin. */
export const commands: readonly Command[] = [
  serveCommand,
  daemonStart,
  daemonStop,
  daemonRestart,
  daemonStatusCommand,
  daemonLogs,
  daemonInstall,
  daemonUninstall,
  daemonDoctor,
  daemonRun,
  tokenCreate,
  tokenList,
  tokenRevoke,
  toolsCommand,
  callCommand,
  doctor,
  configCommand,
];

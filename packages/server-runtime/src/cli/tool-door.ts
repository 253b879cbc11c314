import { randomUUID } from 'node:crypto';
import { PassThrough } from 'node:stream';
import { LineTransport } from '../process/line-transport.ts';
import { z } from 'zod';
import { connectToDaemon } from '../daemon/connection.ts';
import { createLog } from '../log.ts';
import type { CommandContext } from './command.ts';
import { placeOf } from './daemon-place.ts';
import { closeHouse, openHouse } from './house.ts';
import { Wire } from './wire.ts';

const listedTool = z.looseObject({
  name: z.string(),
  description: z.string().default(''),
  inputSchema: z.looseObject({
    properties: z.record(z.string(), z.looseObject({})).default({}),
    required: z.array(z.string()).default([]),
  }),
});

export type ListedTool = z.output<typeof listedTool>;

const toolPage = z.object({ tools: z.array(listedTool), nextCursor: z.string().optional() });

/** A way to the tools of this server for one command. */
export interface ToolDoor {
  readonly wire: Wire;
  close(): Promise<void>;
}

/** Comes in through the daemon when one runs, else through a server in this process, over the same pipeline. */
export async function openToolDoor(context: CommandContext): Promise<ToolDoor> {
  const { program, standard } = context;
  const { name, version } = program.config;
  const { session, tools } = standard;
  const connection = await connectToDaemon({
    place: placeOf(context),
    version,
    wants: { what: 'attach', ...(session !== undefined && { session }), ...(tools && { tools }) },
  });
  if (connection === undefined) return openInProcess(context);
  const { socket } = connection;
  const wire = await Wire.open({ input: socket, output: socket }, { name, version });
  return { wire, close: () => Promise.resolve(void socket.destroy()) };
}

async function openInProcess({ program, standard, given, host }: CommandContext): Promise<ToolDoor> {
  const { name, version } = program.config;
  const log = createLog({ level: standard.logLevel, write: (line) => host.stderr.write(line) });
  const session = standard.session ?? randomUUID();
  const { sessions, close } = await openHouse({ program, given, host, log, session });
  const toServer = new PassThrough();
  const toClient = new PassThrough();
  sessions.server({ id: session, actor: 'call' }).connect(new LineTransport(toServer, toClient));
  const wire = await Wire.open({ input: toClient, output: toServer }, { name, version });
  return { wire, close: () => closeHouse(close, log) };
}

export async function listTools(wire: Wire): Promise<readonly ListedTool[]> {
  const tools: ListedTool[] = [];
  let cursor: string | undefined;
  do {
    const page = toolPage.parse(await wire.request('tools/list', cursor === undefined ? {} : { cursor }));
    tools.push(...page.tools);
    cursor = page.nextCursor;
  } while (cursor !== undefined);
  return tools;
}

import type { DaemonStatus } from '../daemon/hello.ts';

/** A daemon in one paragraph, for people. */
export function statusText({
  name,
  version,
  pid,
  startedAt,
  socket,
  url,
  attached,
  calls,
}: DaemonStatus): string {
  return [
    `${name} ${version}, process ${pid}, since ${startedAt}`,
    `  socket   ${socket}`,
    ...(url === undefined ? [] : [`  http     ${url}`]),
    `  attached ${attached}, running calls ${calls}`,
  ].join('\n');
}

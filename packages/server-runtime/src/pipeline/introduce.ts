import type { Call } from './call.ts';
import type { Layer } from './layer.ts';

/** Notes which client a session's first call came from, and again when another one takes over. */
export function introduce(): Layer<Call> {
  let known = '';
  return (call, next) => {
    const { name, version, protocol } = call.client;
    const client = { name: name.slice(0, 100), version: version.slice(0, 100), protocol };
    const now = JSON.stringify(client);
    if (now !== known) call.note({ client });
    known = now;
    return next(call);
  };
}

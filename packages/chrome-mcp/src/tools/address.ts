import { ToolError } from '@deskhand/server-runtime';
import type { Destination } from '../browser/navigation.ts';

const ALLOWED = ['http:', 'https:', 'about:', 'data:', 'blob:'];

/** Where a call wants to go. @throws ToolError when that is not clear, or not allowed */
export function destination(
  url: string | undefined,
  action: 'back' | 'forward' | 'reload' | undefined,
): Destination {
  if ((url === undefined) === (action === undefined)) {
    throw new ToolError('invalid_arguments', 'Give either url or action', {
      hint: 'Such as {"url": "https://example.com"} or {"action": "reload"}.',
    });
  }
  return action === undefined ? { kind: 'url', url: address(url ?? '') } : { kind: action };
}

/** An address as people write it: without a scheme it is that of a site, and of a local one without encryption. */
export function address(text: string): string {
  const trimmed = text.trim();
  const isLocal = /^(localhost|127\.|\[::1\])/i.test(trimmed);
  const hasScheme = /^[a-z][a-z0-9+.-]*:(?!\d)/i.test(trimmed);
  const full = hasScheme ? trimmed : `${isLocal ? 'http' : 'https'}://${trimmed}`;
  const url = URL.canParse(full) ? new URL(full) : null;
  if (url === null || trimmed === '') {
    throw new ToolError('invalid_arguments', `${JSON.stringify(text.slice(0, 200))} is no address`, {
      hint: 'Give a whole one, such as https://example.com/path.',
    });
  }
  if (ALLOWED.includes(url.protocol)) return url.href;
  throw new ToolError('url_not_allowed', `Addresses that begin with ${url.protocol} are not opened`, {
    hint: 'Open http: and https: addresses.',
  });
}

import { join } from 'node:path';
import { digestJson, openLedger, sha256 } from '../../src/index.ts';
import { temporaryFolder } from '../fixture.ts';

export const evil = '<img src=x onerror=alert(1)>\u001b[2J';
/** The bytes of a picture, as far as a ledger cares. */
export const pictureBytes = Buffer.from('89504e470d0a1a0a', 'hex');

const bytesOf = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));

const args = { text: '</pre><script>alert(2)</script>' };
export const argsDigest = digestJson(args);
const result = {
  images: [{ mimeType: 'image/png', sha256: sha256(pictureBytes) }],
  text: 'seen & done',
};

/** A state folder with one recorded run: a call that worked, one that failed, one that was never finished, a note. */
export function recordedHome(): { readonly home: string; readonly folder: string } {
  const home = temporaryFolder();
  const folder = join(home, 'ledger');
  const ledger = openLedger({
    folder,
    recording: true,
    run: 'run-abc',
    session: 's1',
    actor: 'stdio',
    surface: 'desktop',
  });
  const resultSha256 = digestJson(result);
  for (const blob of [bytesOf(args), bytesOf(result), pictureBytes]) ledger.record?.(blob);
  const { seq } = ledger.append({ phase: 'intent', name: 'screenshot', argsSha256: argsDigest });
  ledger.append({ phase: 'note', name: 'screenshot', ref: seq, decision: { allowed: true } });
  ledger.append({
    phase: 'outcome',
    name: 'screenshot',
    ref: seq,
    decision: { status: 'ok' },
    ms: 12,
    resultSha256,
  });
  const failed = ledger.append({ phase: 'intent', name: evil, session: 's2', actor: 'laptop' });
  ledger.append({
    phase: 'outcome',
    name: evil,
    ref: failed.seq,
    decision: { status: 'error', code: 'not_granted' },
    ms: 3,
  });
  ledger.append({ phase: 'note', name: 'grants_changed' });
  ledger.append({ phase: 'intent', name: 'type' });
  ledger.close();
  return { home, folder };
}

import { createHash, X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:https';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { CERTIFICATE, CERTIFICATE_KEY } from '../lab/certificate.ts';
import { openServer } from '../lab/server.ts';

let server: Server;
let origin: string;
beforeAll(async () => {
  server = createServer({ cert: CERTIFICATE, key: CERTIFICATE_KEY }, (_request, response) => {
    response.setHeader('content-type', 'text/html').end('<title>Own</title>');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('it does not listen');
  origin = `https://127.0.0.1:${address.port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const HASH = createHash('sha256')
  .update(new X509Certificate(CERTIFICATE).publicKey.export({ type: 'spki', format: 'der' }))
  .digest('base64');

/** Opens the page in a browser of its own that accepts these certificates. */
async function opening(allowCertificate: readonly string[]) {
  const lab = await openServer({ options: { allowOrigin: [origin], allowCertificate } });
  try {
    return await lab.client('s').call('navigate', { url: origin });
  } finally {
    await lab.close();
  }
}

test('a certificate that is not valid is refused with what a person can do, and accepted by its key alone', async () => {
  const refused = await opening([HASH.replace(/^./, (first) => (first === 'A' ? 'B' : 'A'))]);
  expect(refused.code).toBe('certificate_refused');
  expect(refused.text).toContain('--allow-certificate');
  expect(refused.text).toContain(`-connect ${new URL(origin).host}`);
  expect((await opening([HASH])).text).toContain('title "Own"');
});

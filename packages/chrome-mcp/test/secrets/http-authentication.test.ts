import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openServer, type LabClient, type ServerLab } from '../lab/server.ts';
import { openSite, type Pages, type Site } from '../lab/site.ts';

let folder: string;
let site: Site;
let other: Site;
let server: ServerLab;
let client: LabClient;
const heard: string[] = [];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'deskhand-http-'));
  const pages: Pages = {
    '/closed': (response, { headers }) => {
      const given = Buffer.from(headers.authorization?.split(' ')[1] ?? '', 'base64').toString();
      if (headers.authorization !== undefined) heard.push(given);
      response.setHeader('content-type', 'text/html');
      if (given === 'ada:opensesame') response.end(`<title>Open</title>${headers.authorization ?? ''}`);
      else
        response
          .writeHead(401, { 'www-authenticate': 'Basic realm="The vault"' })
          .end('<title>Closed</title>');
    },
    '/inside': '<title>Inside</title><iframe src="/closed"></iframe>',
  };
  [site, other] = await Promise.all([openSite(pages), openSite(pages)]);
  const file = join(folder, 'secrets.json');
  const { origin, otherOrigin } = site;
  const secrets = {
    DOOR: { username: 'ada', value: 'opensesame', origins: [origin] },
    WRONG: { username: 'ada', value: 'openbarley', origins: [otherOrigin] },
  };
  await writeFile(file, JSON.stringify(secrets), { mode: 0o600 });
  const allowOrigin = [origin, otherOrigin, other.origin];
  server = await openServer({ options: { secrets: file, allowOrigin } });
  client = server.client('s');
});
afterAll(async () => {
  await server.close();
  await Promise.all([site.close(), other.close()]);
  await rm(folder, { recursive: true, force: true });
});

test('HTTP authentication is answered with what the person gave for the origin, and not told', async () => {
  const opened = await client.call('navigate', { url: `${site.origin}/closed` });
  expect(opened.text).toContain('title "Open"');
  expect((await client.call('snapshot')).text).toContain('{{secret:DOOR}}"');
  expect((await client.call('navigate', { url: `${site.origin}/inside` })).code).toBe(null);
  expect((await client.call('snapshot')).text).not.toContain('Closed');
});

test('another origin gets nothing, and the answer says who can give it', async () => {
  heard.splice(0);
  const refused = await client.call('navigate', { url: `${other.origin}/closed` });
  expect(refused.code).toBe('credentials_needed');
  expect(refused.text).toContain('The vault');
  expect(refused.text).toContain(`"origins":["${other.origin}"]`);
  expect(heard).toEqual([]);
});

test('a password that is not taken is given once', async () => {
  heard.splice(0);
  const refused = await client.call('navigate', { url: `${site.otherOrigin}/closed` });
  expect(refused.code).toBe('credentials_needed');
  expect(refused.text).toContain('did not take those');
  expect(heard).toEqual(['ada:openbarley']);
});

import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Belongings } from '../lab/belongings.ts';
import { makeTemporaryFolder } from '../lab/temporary-folder.ts';
import { startAskedBrowser, type AskedBrowser, type Told } from './accessibility-tree.ts';
import { hardPages } from './cases/index.ts';
import { deskhandTongue } from './deskhand-tongue.ts';
import type { Driver } from './driver.ts';
import { startDriver } from './mcp-driver.ts';
import { openSite, type Site } from './site.ts';
import { tasks } from './tasks/index.ts';

const CLI = fileURLToPath(new URL('dist/cli.js', import.meta.resolve('@deskhand/chrome-mcp/package.json')));
/** Of the page itself, not of a frame in it. */
const OWN = /^e\d+$/;
const ROLES =
  /^(?:button|link|textbox|searchbox|checkbox|radio|switch|combobox|listbox|slider|spinbutton|tab|menuitem|option|treeitem|heading|dialog)$/;
const MOST_NAME = 150;
/** Chromium's own words for roles that ARIA, and we, have no other word for. */
const ITS_ROLES: Readonly<Record<string, string>> = {
  ...{ Date: 'textbox', DateTime: 'textbox', InputTime: 'textbox', ColorWell: 'textbox' },
  DisclosureTriangle: 'button',
};
/** What is painted, and shown by us as a person sees it; Chromium's tree leaves out what a modal dialog makes inert. */
const PAINTED: Readonly<Record<string, readonly string[]>> = {
  'a dialog element that is modal makes what is behind it unreachable': ['button "Behind"'],
};
/** For which Chromium's tree takes a minute. */
const LARGE = /five megabytes/;

const belongings = new Belongings();
let site: Site;
let browser: AskedBrowser;
let driver: Driver;

beforeAll(async () => {
  site = belongings.own(await openSite());
  const { path } = belongings.own(await makeTemporaryFolder());
  const profile = belongings.own(await makeTemporaryFolder());
  browser = belongings.own(await startAskedBrowser(profile.path));
  driver = belongings.own(
    await startDriver(deskhandTongue, {
      args: [CLI, '--browser-url', browser.url, '--log-level=error', '--rate-limit=0'],
      env: { PATH: process.env['PATH'] ?? '', HOME: path, DESKHAND_HOME: path },
      cwd: path,
    }),
  );
}, 60_000);
afterAll(() => belongings.close());

const plain = (text: string): string => text.replaceAll(/\s+/gu, ' ').trim().slice(0, MOST_NAME);

/** What Chromium's tree does not have, of what was seen; each time that it was seen counts. */
function strangersAmong(seen: readonly Told[], told: readonly Told[]): readonly string[] {
  const left = told.map(({ role, name }) => `${ITS_ROLES[role] ?? role} "${plain(name)}"`);
  return seen
    .map(({ role, name }) => `${role} "${plain(name)}"`)
    .filter((one) => {
      const at = left.indexOf(one);
      if (at !== -1) left.splice(at, 1);
      return at === -1;
    });
}

const pages = [...hardPages, ...tasks].filter(
  ({ name, page }) => typeof page === 'string' && !LARGE.test(name),
);

describe('roles and names are those of Chromium’s own accessibility tree', () => {
  test.each(pages)('$name', async ({ name, page }) => {
    const address = site.put('agreement', { '': typeof page === 'string' ? page : '' });
    expect(await driver.act({ do: 'navigate', url: address })).toMatchObject({ isError: false });
    const said = await driver.act({ do: 'snapshot' });
    const seen = driver
      .sightings(said?.text ?? '')
      .filter(({ ref, role }) => OWN.test(ref) && ROLES.test(role))
      .map((one) => ({ role: one.role, name: String(JSON.parse(`"${one.name}"`)) }));
    expect(strangersAmong(seen, await browser.told(address))).toEqual(PAINTED[name] ?? []);
  });
});

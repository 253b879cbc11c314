import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import type { Tab } from '../../src/browser/tab.ts';
import { openLab, type Lab } from '../lab/browser.ts';
import { openSite, type Site } from '../lab/site.ts';
import { EXAMPLES, EXCEPTIONS } from './name-examples.ts';

/** Chromium's own words for what ARIA and we call otherwise. */
const OUR_ROLES: Readonly<Record<string, string>> = {
  image: 'img',
  DisclosureTriangle: 'button',
  Date: 'textbox',
  LabelText: 'generic',
  LayoutTableCell: 'generic',
  LayoutTable: 'generic',
  presentation: 'generic',
  Canvas: 'canvas',
  Iframe: 'iframe',
  none: 'generic',
};

const PAGE = `<!doctype html><title>Examples</title><style>
.before::before { content: "Before "; } .after::after { content: " after"; } .icon::before { content: "\\e001"; }
.alt::before { content: "x" / "Spoken"; } .gone { display: none } .ghost { visibility: hidden } .block { display: block }
</style>${EXAMPLES.map(([, html], at) => `<div class=case id=case${at}>${html}</div>`).join('\n')}
<script>
for (const host of document.querySelectorAll('[data-shadow]'))
  host.attachShadow({ mode: 'open' }).innerHTML = host.dataset.shadow;
</script>`;

let lab: Lab;
let site: Site;
let tab: Tab;

beforeAll(async () => {
  lab = await openLab();
  site = await openSite({ '/': PAGE });
  const client = lab.client();
  await client.call('navigate', { url: site.origin });
  tab = await client.session.tab();
});
afterAll(async () => {
  await lab.close();
  await site.close();
});

const AX = z.object({
  nodes: z.array(
    z.object({
      ignored: z.boolean(),
      role: z.object({ value: z.string() }).optional(),
      name: z.object({ value: z.string() }).optional(),
    }),
  ),
});

/** The element of an example, as Chromium's accessibility tree has it and as the page script has it. */
async function both(at: number): Promise<{ readonly chromium: string; readonly ours: string }> {
  const signal = AbortSignal.timeout(15_000);
  const { page, main } = tab;
  const { root } = await page.send('DOM.getDocument', { depth: 0 }, { signal });
  const selector = `#case${at} [data-t]`;
  const { nodeId } = await page.send('DOM.querySelector', { nodeId: root.nodeId, selector }, { signal });
  const { node } = await page.send('DOM.describeNode', { nodeId }, { signal });
  const { backendNodeId } = node;
  const answer = await page.send(
    'Accessibility.getPartialAXTree',
    { backendNodeId, fetchRelatives: false },
    { signal },
  );
  const [seen] = AX.parse(answer).nodes;
  const ref = await main.refOf(backendNodeId, signal);
  const described = await main.call('describe', { ref }, { signal });
  const role = seen?.role?.value ?? '';
  const chromium =
    seen === undefined || seen.ignored
      ? 'generic ""'
      : `${OUR_ROLES[role] ?? role} "${(seen.name?.value ?? '').trim()}"`;
  return {
    chromium,
    ours:
      described === null
        ? ''
        : `${described.role === 'none' ? 'generic' : described.role} "${described.name}"`,
  };
}

test('there are enough examples, and hardly any exceptions', () => {
  expect(EXAMPLES.length).toBeGreaterThanOrEqual(60);
  expect(Object.keys(EXCEPTIONS).length).toBeLessThanOrEqual(EXAMPLES.length / 10);
  expect(Object.keys(EXCEPTIONS).filter((name) => !EXAMPLES.some(([known]) => known === name))).toEqual([]);
});

test.each(EXAMPLES.map(([name], at) => [name, at] as const))('role and name: %s', async (name, at) => {
  const { chromium, ours } = await both(at);
  const exception = EXCEPTIONS[name];
  if (exception === undefined) expect(ours).toBe(chromium);
  else expect({ ours, differs: ours !== chromium }).toEqual({ ours: exception.ours, differs: true });
});

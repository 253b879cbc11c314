import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { Fact } from './machine.ts';
import { STYLE } from './report-style.ts';
import {
  hasHeld,
  isAsExpected,
  type Act,
  type Expectation,
  type Finding,
  type ImageFile,
  type Remark,
  type Row,
  type Story,
  type View,
} from './story.ts';

export interface ReportFacts {
  readonly seconds: number;
  readonly date: Date;
  readonly machine: readonly Fact[];
}

const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

const text = (raw: string): string => raw.replaceAll(/[&<>"]/g, (character) => escapes[character] ?? '');

const tag = (kind: 'good' | 'stop' | 'bad', label: string): string =>
  `<span class="tag ${kind}">${text(label)}</span>`;

function decisionTag(row: Row): string {
  const { decision, expected } = row;
  const label = decision === 'allowed' ? 'allowed' : `refused: ${decision}`;
  if (!isAsExpected(row)) return tag('bad', `${label}, expected ${expected}`);
  return tag(decision === 'allowed' ? 'good' : 'stop', label);
}

function lineHtml(line: Row | Remark): string {
  if (line.kind === 'remark') return `<tr><td class="remark" colspan="6">${text(line.text)}</td></tr>`;
  const { call, app, tier, ms, answer } = line;
  return `<tr><td class="call">${text(call)}</td><td>${text(app)}</td><td>${text(tier)}</td>
<td>${decisionTag(line)}</td><td class="ms">${Math.round(ms)}</td><td class="answer">${text(answer)}</td></tr>`;
}

const HEAD =
  '<tr><th>Call</th><th>App</th><th>Tier</th><th>Decision</th><th class="ms">ms</th><th>Answer to the agent</th></tr>';

const actHtml = ({ title, lines }: Act): string =>
  `<h3>${text(title)}</h3>\n<div class="card"><table>${HEAD}${lines.map(lineHtml).join('\n')}</table></div>`;

const findingHtml = (name: string, { saw, held }: Finding): string =>
  `<dt>${name}</dt><dd>${text(saw)}${held ? '' : ` ${tag('bad', 'not so')}`}</dd>`;

function expectationHtml(expectation: Expectation): string {
  const { what, witness, refused, allowed } = expectation;
  const verdict = hasHeld(expectation) ? tag('good', 'held') : tag('bad', 'did not hold');
  return `<div class="expectation"><h3>${verdict} ${text(what)}</h3><dl>
<dt class="soft">Witness</dt><dd class="soft">${text(witness)}</dd>
${refused ? findingHtml('Refused', refused) : ''}${findingHtml('Allowed', allowed)}</dl></div>`;
}

const figure = ({ mimeType, data }: ImageFile, caption: string): string =>
  `<figure><img alt="${text(caption)}" src="data:${mimeType};base64,${data.toString('base64')}">
<figcaption>${text(caption)}</figcaption></figure>`;

const viewHtml = ({ title, caption, person, agent }: View): string =>
  `<h3>${text(title)}</h3><p>${text(caption)}</p><div class="pair">
${person ? figure(person, 'The screen, as the person sees it') : ''}${figure(agent, 'What the agent gets')}</div>`;

function verdictHtml(story: Story, { seconds }: ReportFacts): string {
  const { expectations, rows, isGood } = story;
  const held = expectations.filter(hasHeld).length;
  const refused = rows.filter(({ decision }) => decision !== 'allowed').length;
  return `<div class="verdict">
<div class="${isGood ? 'good' : 'bad'}"><b>${held} of ${expectations.length}</b>expectations held</div>
<div><b>${rows.length}</b>calls</div><div><b>${rows.length - refused}</b>allowed</div>
<div><b>${refused}</b>refused</div><div><b>${seconds.toFixed(1)} s</b>from start to end</div></div>`;
}

/** The whole report as one page that needs nothing else. */
export function reportHtml(story: Story, facts: ReportFacts): string {
  const { acts, expectations, views, failure } = story;
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Deskhand demo</title><style>${STYLE}</style></head><body><main>
<h1>A job on a person’s computer, and what the agent is refused</h1>
<p class="soft">Real applications, a real browser and a real sandbox, driven through MCP. A scripted person answered the
questions, and without a key the words of the model were recorded. What happened was checked by what was saved or seen
outside, never by a server’s word.</p>
${failure === undefined ? '' : `<p>${tag('bad', 'The demo ended early')}</p><pre>${text(failure)}</pre>`}
${verdictHtml(story, facts)}
<h2>What the witnesses saw</h2>
<p class="soft">Each refusal stands beside a like action that is allowed. Where a finding names the person’s own
input, that came right after the agent’s and had to arrive: the witness was awake.</p>
<div class="card">${expectations.map(expectationHtml).join('\n')}</div>
<h2>What the person and the agent see</h2>
${views.map(viewHtml).join('\n')}
<h2>Every call</h2>
${acts.map(actHtml).join('\n')}
<h2>Where this ran</h2>
<dl class="card machine"><dt>date</dt><dd>${facts.date.toISOString()}</dd>
${facts.machine.map(([name, value]) => `<dt>${text(name)}</dt><dd>${text(value)}</dd>`).join('\n')}</dl>
</main></body></html>
`;
}

/** Writes the report into `folder` and gives its path. */
export async function writeReport(folder: string, html: string): Promise<string> {
  await mkdir(folder, { recursive: true });
  const file = join(folder, 'index.html');
  await writeFile(file, html);
  return file;
}

import { createHash } from 'node:crypto';
import { z } from 'zod';
import { readBlob } from '../blobs.ts';
import type { LedgerRow } from '../row.ts';
import { happenings, resultText, type Call, type Happening } from './calls.ts';
import type { FolderRow } from './ledger-reader.ts';
import { localTime, plain } from './plain-text.ts';
import { recordedJson } from './recorded-json.ts';
import { REPLAY_SCRIPT, REPLAY_STYLE } from './replay-style.ts';

const PICTURES = ['image/png', 'image/jpeg', 'image/webp', 'image/gif'] as const;

const recordedPicture = z.object({ mimeType: z.enum(PICTURES), sha256: z.string() });

const recordedResult = z.object({
  text: z.string().optional(),
  images: z.array(recordedPicture).catch([]),
  blocks: z.array(z.unknown()).default([]),
  structured: z.unknown().optional(),
});

/** One page that shows what happened, with what was recorded of it; it asks nothing of any other place. */
export function replayPage(rows: readonly FolderRow[], folder: string): string {
  const all = happenings(rows);
  const [first, last] = [rows[0]?.row, rows.at(-1)?.row];
  const runs = new Set(rows.map(({ row }) => row.run));
  const title = runs.size === 1 ? `Run ${first?.run ?? ''}` : `${runs.size} runs`;
  const time =
    first === undefined || last === undefined ? '' : `, ${localTime(first.ts)} to ${localTime(last.ts)}`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src '${sourceHash(REPLAY_STYLE)}'; script-src '${sourceHash(REPLAY_SCRIPT)}'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(title)}</title>
<style>${REPLAY_STYLE}</style>
</head>
<body>
<header>
<h1>${escaped(title)}</h1><span class="soft">${escaped(`${rows.length} rows${time}`)}</span>
<p><kbd>j</kbd> <kbd>k</kbd> step, <kbd>Enter</kbd> opens, <kbd>/</kbd> filters, <kbd>f</kbd> failures only</p>
<input type="search" id="search" placeholder="Filter by any words" aria-label="Filter">
<label><input type="checkbox" id="failures"> failed or unknown only</label> <span class="soft" id="shown"></span>
</header>
<ol>
${all.map((happening) => item(happening, folder)).join('\n')}
</ol>
<script>${REPLAY_SCRIPT}</script>
</body>
</html>`;
}

const sourceHash = (source: string): string =>
  `sha256-${createHash('sha256').update(source).digest('base64')}`;

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

const escaped = (text: string): string =>
  text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '').replaceAll('\0', '\ufffd');

const item = (happening: Happening, folder: string): string =>
  'note' in happening ? noteItem(happening.note) : callItem(happening.call, folder);

function callItem({ intent, outcome, notes, result }: Call, folder: string): string {
  const ms = outcome?.ms === undefined ? '' : `<span class="soft">${outcome.ms} ms</span>`;
  return `<li class="${result.kind}">${line(intent, `<span class="result">${escaped(resultText(result))}</span> ${ms}`)}
${part('arguments', recordedJson(folder, intent.argsSha256))}${shownResult(folder, outcome?.resultSha256)}${notes.map(noteOf).join('')}${part('rows', [intent, ...notes, ...(outcome ? [outcome] : [])])}</li>`;
}

const noteItem = (note: LedgerRow): string =>
  `<li class="note">${line(note, '<span class="soft">note</span>')}${noteOf(note)}</li>`;

const line = ({ ts, name, actor, session, surface }: LedgerRow, more: string): string =>
  `<div class="line"><time datetime="${escaped(ts)}">${localTime(ts)}</time><b>${escaped(plain(name))}</b>${more}` +
  `<span class="soft">${escaped(plain(`${actor} on ${surface}, session ${session}`))}</span></div>`;

const noteOf = ({ decision, name }: LedgerRow): string => part(`note ${plain(name)}`, decision);

const part = (title: string, value: unknown): string =>
  value === undefined
    ? ''
    : `<details><summary>${escaped(title)}</summary><pre>${escaped(JSON.stringify(value, null, 2))}</pre></details>`;

/** The recorded text and pictures of a result; a failed call's result is its error. */
function shownResult(folder: string, digest: string | undefined): string {
  const recorded = recordedJson(folder, digest);
  if (recorded === undefined) return '';
  const result = recordedResult.safeParse(recorded);
  if (!result.success || result.data.text === undefined) return part('result', recorded);
  const { text, blocks, structured } = result.data;
  const inBlocks = blocks.flatMap((block) => recordedPicture.safeParse(block).data ?? []);
  const shown = [...result.data.images, ...inBlocks].map(({ mimeType, sha256 }) =>
    picture(readBlob(folder, sha256), mimeType),
  );
  const more = blocks.length === 0 ? '' : part('blocks', blocks);
  return `<pre>${escaped(text)}</pre>${shown.join('')}${more}${part('structured', structured)}`;
}

const picture = (bytes: Buffer | undefined, mimeType: (typeof PICTURES)[number]): string =>
  bytes === undefined
    ? '<p class="soft">a picture that is no longer here</p>'
    : `<img alt="" src="data:${mimeType};base64,${bytes.toString('base64')}">`;

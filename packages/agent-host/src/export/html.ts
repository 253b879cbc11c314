import { Marked, type Tokens } from 'marked';
import type { SessionEvent } from '../log/event.ts';
import { entriesOf, type Entry } from './entry.ts';
import { isMarkdown } from './markdown.ts';

const POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:";
const STYLE = `body{font:15px/1.5 system-ui,sans-serif;max-width:50rem;margin:2rem auto;padding:0 1rem}
article{border-left:3px solid #8888;margin:1rem 0;padding:0 1rem}
.person{border-color:#27c}.tool{border-color:#a70}.host{border-color:#c33}
pre{overflow:auto;white-space:pre-wrap;overflow-wrap:anywhere}img{max-width:100%}small{opacity:.7}`;

/** A session as one page that needs nothing else and runs nothing. */
export function htmlOf(title: string, events: readonly SessionEvent[]): string {
  const marked = safeMarked();
  const articles = entriesOf(events).map((entry) => articleOf(entry, marked));
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<title>${escaped(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<h1>${escaped(title)}</h1>
${articles.join('\n')}
</body>
</html>
`;
}

function articleOf({ who, at, seq, title, text, pictures }: Entry, marked: Marked): string {
  const body = isMarkdown(who, title) ? marked.parse(text, { async: false }) : `<pre>${escaped(text)}</pre>`;
  const head = `<small>${who}${title === null ? '' : ` <code>${escaped(title)}</code>`} ${escaped(at)}, event ${seq}</small>`;
  const images = pictures.map(
    ({ mimeType, data }) =>
      `<img alt="" src="data:${mimeType};base64,${data.replaceAll(/[^A-Za-z0-9+/=]/g, '')}">`,
  );
  return `<article class="${who}">${head}\n${body}${images.join('\n')}</article>`;
}

/** Markdown without anything that reaches out or runs: markup is text, links are shown with where they lead. */
const safeMarked = (): Marked =>
  new Marked({
    renderer: {
      html: ({ text }: Tokens.HTML | Tokens.Tag) => escaped(text),
      image: ({ href, text }: Tokens.Image) => escaped(`[picture: ${text} ${href}]`),
      link: ({ href, text }: Tokens.Link) => escaped(text === href ? href : `${text} (${href})`),
    },
  });

const MARKS: Readonly<Record<string, string>> = {
  ...{ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' },
  "'": '&#39;',
};

const escaped = (text: string): string => text.replaceAll(/[&<>"']/g, (mark) => MARKS[mark] ?? mark);

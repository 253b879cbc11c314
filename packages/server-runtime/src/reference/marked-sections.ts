/**
 * Replaces what stands between `<!-- name:start -->` and `<!-- name:end -->`, each on its own line, by
 * `sections[name]`. Sections without markers are left out.
 *
 * @throws Error if a section starts and does not end.
 */
export function updateMarkedSections(markdown: string, sections: Readonly<Record<string, string>>): string {
  return Object.entries(sections).reduce(
    (text, [name, section]) => replaceSection(text, name, section),
    markdown,
  );
}

function replaceSection(markdown: string, name: string, section: string): string {
  const start = markerAt(markdown, `<!-- ${name}:start -->`);
  if (start === undefined) return markdown;
  const end = markerAt(markdown, `<!-- ${name}:end -->`);
  if (end === undefined || end.from < start.to)
    throw new Error(`The section ${name} starts and does not end`);
  return `${markdown.slice(0, start.to)}\n\n${section.trim()}\n\n${markdown.slice(end.from)}`;
}

/** Where a marker stands on a line of its own. */
function markerAt(markdown: string, marker: string): { from: number; to: number } | undefined {
  const at = `\n${markdown}\n`.indexOf(`\n${marker}\n`);
  return at === -1 ? undefined : { from: at, to: at + marker.length };
}

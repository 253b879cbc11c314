/** How a text is written by those who pass it on, longest first. */
export function formsOf(value: string): readonly string[] {
  const quoted = escapedOnce(value);
  const forms = [
    ...[value, quoted, escapedOnce(quoted), html(value)],
    ...[encodeURIComponent(value), encodeURI(value), new URLSearchParams([['', value]]).toString().slice(1)],
    Buffer.from(value).toString('hex'),
  ];
  return distinct(forms);
}

/** Letter case counts in these; what stands before and after may share their first and last character. */
export function base64FormsOf(value: string): readonly string[] {
  const bytes = Buffer.from(value);
  const forms = [0, 1, 2].map((offset) => {
    const text = Buffer.concat([Buffer.alloc(offset), bytes])
      .toString('base64')
      .replaceAll('=', '');
    const first = Math.ceil((offset * 8) / 6);
    return text.slice(first, Math.floor(((offset + bytes.length) * 8) / 6));
  });
  return distinct([...forms, ...forms.map((form) => form.replaceAll('+', '-').replaceAll('/', '_'))]);
}

const escapedOnce = (text: string): string => JSON.stringify(text).slice(1, -1);

const ENTITIES: Readonly<Record<string, string>> = {
  ...{ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' },
};

const html = (text: string): string => text.replaceAll(/[&<>"']/g, (mark) => ENTITIES[mark] ?? mark);

const distinct = (forms: readonly string[]): readonly string[] =>
  [...new Set(forms)].toSorted((a, b) => b.length - a.length);

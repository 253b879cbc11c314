/** A PDF with a page for each content stream, as bytes; streams may be deflated. */
export function pdfOf(streams: readonly Buffer[], { filter = '' } = {}): Buffer {
  const kids = streams.map((_, index) => `${4 + index * 2} 0 R`).join(' ');
  const bodies: Buffer[] = [
    Buffer.from('<< /Type /Catalog /Pages 2 0 R >>'),
    Buffer.from(`<< /Type /Pages /Kids [${kids}] /Count ${streams.length} >>`),
    Buffer.from('<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>'),
    ...streams.flatMap((stream, index) => [
      Buffer.from(
        `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 100] /Contents ${5 + index * 2} 0 R ` +
          '/Resources << /Font << /F1 3 0 R >> >> >>',
      ),
      Buffer.concat([
        Buffer.from(`<< /Length ${stream.length} ${filter} >>\nstream\n`),
        stream,
        Buffer.from('\nendstream'),
      ]),
    ]),
  ];
  const objects = bodies.map((body, index) =>
    Buffer.concat([Buffer.from(`${index + 1} 0 obj\n`), body, Buffer.from('\nendobj\n')]),
  );
  const head = Buffer.from('%PDF-1.4\n');
  let at = head.length;
  const offsets = objects.map((object) => {
    const offset = at;
    at += object.length;
    return `${`${offset}`.padStart(10, '0')} 00000 n \n`;
  });
  const size = objects.length + 1;
  const end = `xref\n0 ${size}\n0000000000 65535 f \n${offsets.join('')}trailer\n<< /Size ${size} /Root 1 0 R >>\nstartxref\n${at}\n%%EOF\n`;
  return Buffer.concat([head, ...objects, Buffer.from(end)]);
}

/** The content of a page that has words. */
export const wordsOf = (...lines: readonly string[]): Buffer =>
  Buffer.from(lines.map((line, index) => `BT /F1 12 Tf 10 ${80 - index * 15} Td (${line}) Tj ET`).join('\n'));

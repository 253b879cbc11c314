import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { PRICES } from './shop.ts';

interface Invoice {
  readonly number: string;
  readonly lines: readonly (readonly [article: string, count: number])[];
}

const INVOICES: readonly Invoice[] = [
  {
    number: '2026-041',
    lines: [
      ['A-17', 4],
      ['C-11', 120],
    ],
  },
  {
    number: '2026-042',
    lines: [
      ['B-03', 2],
      ['A-42', 10],
      ['C-12', 25],
    ],
  },
  {
    number: '2026-043',
    lines: [
      ['A-42', 3],
      ['A-17', 1],
    ],
  },
];

/** The sheet before its totals. */
export const EMPTY_SHEET = 'invoice;total\n';

const paper = ({ number, lines }: Invoice): string =>
  [
    `Invoice ${number}`,
    '',
    'Article  Count',
    ...lines.map(([article, count]) => `${article.padEnd(9)}${count}`),
    '',
  ].join('\n');

const euros = ({ lines }: Invoice): string =>
  (lines.reduce((sum, [article, count]) => sum + count * (PRICES[article] ?? Number.NaN), 0) / 100).toFixed(
    2,
  );

/** What the sheet has to hold in the end, byte for byte. */
export const RIGHT_SHEET =
  EMPTY_SHEET + INVOICES.map((invoice) => `${invoice.number};${euros(invoice)}\n`).join('');

/** Three invoices without prices. */
export async function layPapers(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const invoice of INVOICES)
    await writeFile(join(folder, `invoice-${invoice.number}.txt`), paper(invoice));
}

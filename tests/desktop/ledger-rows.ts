import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { z } from 'zod';

import type { Desktop } from '../lab/desktop.ts';

const Row = z.looseObject({ phase: z.string(), decision: z.unknown().optional() });

/** The rows of the record so far. */
export const ledgerRows = ({ env }: Pick<Desktop, 'env'>): readonly z.output<typeof Row>[] => {
  const folder = join(env['DESKHAND_HOME'] ?? '', 'ledger');
  return readdirSync(folder)
    .filter((name) => name.endsWith('.jsonl') && name !== 'anchors.jsonl')
    .flatMap((name) => readFileSync(join(folder, name), 'utf8').split('\n'))
    .filter((line) => line !== '')
    .map((line) => Row.parse(JSON.parse(line)));
};

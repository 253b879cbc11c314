import { OURS } from './contest.ts';
import { isMissing, type Measurement, type Metric } from './measurement.ts';
import { summaryOf, type Summary } from './statistics.ts';

const HEAD = ['', 'p50', 'min', 'p95', 'ours is', 'asked', ''] as const;

type Row = readonly string[];

function figure(value: number): string {
  if (Math.abs(value) >= 100) return value.toFixed(0);
  return value.toFixed(Math.abs(value) >= 10 ? 1 : 2);
}

const figures = ({ median, min, p95 }: Summary): Row => [median, min, p95].map(figure);

/** How many times better ours is than the peer. */
export function timesBetter(ours: number, peer: number, better: Metric['better']): number {
  return better === 'lower' ? peer / ours : ours / peer;
}

const verdict = (isMet: boolean): string => (isMet ? 'met' : 'MISSED');

function ourRow({ metric, ours }: Measurement): Row {
  const summary = summaryOf(ours);
  const { target, better } = metric;
  if (target === null) return [`  ${OURS}`, ...figures(summary), '', '', ''];
  const isMet = better === 'lower' ? summary.median <= target : summary.median >= target;
  const asked = `${better === 'lower' ? '<=' : '>='} ${target}`;
  return [`  ${OURS}`, ...figures(summary), '', asked, verdict(isMet)];
}

function peerRow(peer: Measurement['peers'][number], { metric, ours }: Measurement): Row {
  if (isMissing(peer.series))
    return [`  ${peer.name}`, '-', '-', '-', '', '', `not measured: ${peer.series.missing}`];
  const summary = summaryOf(peer.series);
  const times = timesBetter(summaryOf(ours).median, summary.median, metric.better);
  const demanded = metric.demand?.peer === peer.name ? metric.demand.times : null;
  return [
    `  ${peer.name}`,
    ...figures(summary),
    `${figure(times)}x better`,
    demanded === null ? '' : `>= ${demanded}x`,
    demanded === null ? '' : verdict(times >= demanded),
  ];
}

const rowsOf = (measurement: Measurement): readonly Row[] => [
  [`${measurement.metric.name}, ${measurement.metric.unit}`],
  ourRow(measurement),
  ...measurement.peers.map((peer) => peerRow(peer, measurement)),
];

const README_HEAD = ['metric', 'ours', 'peer', 'peer', 'ours is', 'asked', ''] as const;
const README_TEXT: ReadonlySet<number> = new Set([0, 2, 5, 6]);

/** Rows of one metric: ours beside the first peer, the others below. */
function readmeRows(measurement: Measurement): readonly Row[] {
  const [, ours = '', , , , asked = '', met = ''] = ourRow(measurement);
  const [first, ...others] = measurement.peers.map((peer) => peerRow(peer, measurement));
  const both = (mine: string, theirs = ''): string => [mine, theirs].filter((text) => text !== '').join(', ');
  const cellsOf = ([name = '', median = '', , , times = '']: Row): Row => [
    name.trim(),
    median,
    times.replace(' better', ''),
  ];
  const { name, unit } = measurement.metric;
  const [peer = '', median = '', times = ''] = first === undefined ? [] : cellsOf(first);
  return [
    [`${name}, ${unit}`, ours, peer, median, times, both(asked, first?.[5]), both(met, first?.[6])],
    ...others.map((other) => ['', '', ...cellsOf(other), other[5] ?? '', other[6] ?? '']),
  ];
}

/** The medians as a table in Markdown. */
export function readmeTableOf(measurements: readonly Measurement[]): string {
  const rows: readonly Row[] = [README_HEAD, ...measurements.flatMap(readmeRows)];
  const widths = README_HEAD.map((_, column) => Math.max(3, ...rows.map((row) => row[column]?.length ?? 0)));
  const line = (row: Row): string =>
    `| ${widths.map((width, column) => padded(row[column] ?? '', width, README_TEXT.has(column))).join(' | ')} |`;
  const rule = widths.map((width, column) =>
    README_TEXT.has(column) ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`,
  );
  const [head = [], ...body] = rows;
  return [line(head), `| ${rule.join(' | ')} |`, ...body.map(line)].join('\n');
}

const padded = (cell: string, width: number, isText: boolean): string =>
  isText ? cell.padEnd(width) : cell.padStart(width);

/** Everything that was measured, ours above its peers, with ratios of the medians. */
export function tableOf(measurements: readonly Measurement[]): string {
  const rows: readonly Row[] = [HEAD, ...measurements.flatMap(rowsOf)];
  const widths = HEAD.map((_, column) =>
    Math.max(...rows.filter((row) => row.length > 1).map((row) => row[column]?.length ?? 0)),
  );
  const isText = (column: number): boolean => column === 0 || column === HEAD.length - 1;
  const pad = (cell: string, column: number): string => padded(cell, widths[column] ?? 0, isText(column));
  return rows.map((row) => row.map(pad).join('  ').trimEnd()).join('\n');
}

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

/** Everything that was measured, ours above its peers, with ratios of the medians. */
export function tableOf(measurements: readonly Measurement[]): string {
  const rows: readonly Row[] = [HEAD, ...measurements.flatMap(rowsOf)];
  const widths = HEAD.map((_, column) =>
    Math.max(...rows.filter((row) => row.length > 1).map((row) => row[column]?.length ?? 0)),
  );
  const isText = (column: number): boolean => column === 0 || column === HEAD.length - 1;
  const pad = (cell: string, column: number): string => {
    const width = widths[column] ?? 0;
    return isText(column) ? cell.padEnd(width) : cell.padStart(width);
  };
  return rows.map((row) => row.map(pad).join('  ').trimEnd()).join('\n');
}

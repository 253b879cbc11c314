import type { Measurement } from '../measurement.ts';

export const CLICK: Measurement = {
  metric: {
    name: 'click',
    unit: 'ms',
    better: 'lower',
    target: 2,
    demand: { peer: 'slow', times: 15 },
  },
  ours: [1.2, 1, 3],
  peers: [
    { name: 'slow', series: [12, 30, 18] },
    { name: 'absent', series: { missing: 'could not be installed' } },
  ],
};

export const SIZE: Measurement = {
  metric: { name: 'size', unit: 'kB', better: 'lower', target: null },
  ours: [250],
  peers: [{ name: 'large', series: [1000] }],
};

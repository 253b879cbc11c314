import { describe } from 'vitest';

import { testTasks } from './real-work.ts';

describe('by coordinates', () => testTasks('coordinates'));

import { calcTasks } from './calc-tasks.ts';
import { testTasks } from './real-work.ts';

testTasks(calcTasks);

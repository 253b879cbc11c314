import { thunarTasks } from './thunar-tasks.ts';
import { testTasks } from './real-work.ts';

testTasks(thunarTasks);

import { mousepadTasks } from './mousepad-tasks.ts';
import { testTasks } from './real-work.ts';

testTasks(mousepadTasks);

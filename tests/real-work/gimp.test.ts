import { gimpTasks } from './gimp-tasks.ts';
import { testTasks } from './real-work.ts';

testTasks(gimpTasks);

import { galculatorTasks } from './galculator-tasks.ts';
import { testTasks } from './real-work.ts';

testTasks(galculatorTasks);

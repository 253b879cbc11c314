import { settingsTasks } from './settings-tasks.ts';
import { testTasks } from './real-work.ts';

testTasks(settingsTasks);

import type { Group } from '../group.ts';
import { Recorder } from './recorder.ts';
import { recording } from './recording.ts';

export const recordingGroup: Group = {
  name: 'recording',
  about: 'animated GIF of a tab, clicks marked',
  offers: ['recording'],
  open: (session) => {
    const recorder = new Recorder();
    return { tools: [recording(session, recorder)], close: () => recorder.forget() };
  },
};

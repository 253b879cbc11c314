#!/usr/bin/env node
import { act } from '../drill/x11/actor.ts';

await act(process.argv[2] ?? '', process);

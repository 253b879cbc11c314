#!/usr/bin/env node
import { act } from '../drill/actor.ts';

await act(process.argv[2] ?? '', process);

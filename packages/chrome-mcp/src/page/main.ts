import type { PageApi, PageNodes } from './api.ts';
import { Refs } from './refs.ts';

const refs = new Refs();

const api: PageApi & PageNodes<Node> = {
  begin: ({ firstRef }) => {
    refs.begin(firstRef);
    return null;
  },
  nextRef: () => refs.next,
  describe: () => null,
  refOf: (node) => refs.refOf(node),
  nodeOf: (ref) => refs.nodeOf(ref),
};

Object.defineProperty(globalThis, 'deskhand', { value: api });

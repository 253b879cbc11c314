import { actionApi } from './actions.ts';
import type { PageApi, PageNodes } from './api.ts';
import { Finder } from './find.ts';
import { nameFor, servesAs } from './identity.ts';
import { Names } from './names.ts';
import { nodesOf } from './nodes.ts';
import { Refs } from './refs.ts';
import { FlatTree } from './shadow.ts';
import { takeSnapshot } from './snapshot.ts';

const tree = new FlatTree();
const names = new Names(tree);
const refs = new Refs({
  role: (element) => servesAs(element, tree),
  name: (element) => nameFor(element, names, tree),
  painted: (tag) =>
    tree
      .roots()
      .flatMap((root) => [...root.querySelectorAll(CSS.escape(tag))])
      .filter((element) => element.checkVisibility()),
});
const parts = { tree, names, refs };

const api: PageApi & PageNodes<Node> = {
  begin: ({ firstRef }) => {
    refs.begin(firstRef);
    return null;
  },
  nextRef: () => refs.next,
  snapshot: (request) => takeSnapshot(parts, request),
  find: (request) => new Finder(parts, request).find(request),
  describe: ({ ref }) => {
    const known = refs.describe(ref);
    if (known === null) return null;
    const { role, name } = known.description;
    return { role, name, isAttached: known.isAttached };
  },
  refOf: (node) => refs.refOf(node),
  nodeOf: (ref) => {
    const found = refs.nodeOf(ref);
    return 'node' in found ? found.node : null;
  },
  adopt: ({ roots }) => {
    for (const ref of roots) {
      const found = refs.nodeOf(ref);
      if ('node' in found && found.node instanceof ShadowRoot) tree.adopt(found.node);
    }
    return null;
  },
  ...actionApi(nodesOf(parts), (request) => takeSnapshot(parts, request)),
};

// a world that is asked for twice is the same one; an element of the page with this id is no property of its own
if (!Object.hasOwn(globalThis, 'deskhand')) Object.defineProperty(globalThis, 'deskhand', { value: api });

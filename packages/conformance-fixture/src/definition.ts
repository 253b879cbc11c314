import { defineConfig, standardOptions, type ServerDefinition } from '@deskhand/server-runtime';
import { z } from 'zod';
import { changingOffers } from './changing.ts';
import { fixtureResources } from './resources.ts';

const config = defineConfig(z.object(standardOptions), {
  name: 'conformance-fixture',
  version: '0.0.0',
  description: 'Offers everything that the MCP conformance suite asks for.',
});

/** The server that the conformance suite is run against. */
export const fixture: ServerDefinition = {
  config,
  title: 'Conformance fixture',
  instructions: 'Every tool, prompt and resource is here to be tested.',
  open: async () =>
    Promise.resolve({
      session: () => ({
        ...changingOffers(),
        resources: fixtureResources,
        logging: true,
        permission: () => ({ allowed: true }),
      }),
      close: () => undefined,
    }),
};

import { Live, type Resource, type ResourceTemplate } from '@deskhand/server-runtime';
import { redPixel } from './media.ts';

const text = (uri: string, content: string, mimeType = 'text/plain'): Resource => ({
  uri,
  name: uri.replace('test://', ''),
  mimeType,
  read: async () => Promise.resolve([{ uri, mimeType, text: content }]),
});

/** Resources of each kind. */
export const fixtureResources: readonly (Resource | ResourceTemplate)[] = [
  text('test://static-text', 'This is the content of the static text resource.'),
  text('test://stateless-static-text', 'This is the content of the static text resource.'),
  text('test://embedded-resource', 'This is an embedded resource content.'),
  text('test://mixed-content-resource', '{"test":"data","value":123}', 'application/json'),
  {
    uri: 'test://static-binary',
    name: 'static-binary',
    mimeType: 'image/png',
    read: async () =>
      Promise.resolve([{ uri: 'test://static-binary', mimeType: 'image/png', blob: redPixel }]),
  },
  { ...text('test://watched-resource', 'Watched.'), changes: new Live(0) },
  {
    uriTemplate: 'test://template/{id}/data',
    name: 'template',
    mimeType: 'application/json',
    suggest: { id: (value) => ['123', '456'].filter((id) => id.startsWith(value)) },
    read: async (uri, { id }) => {
      const data = { id, templateTest: true, data: `Data for ID: ${String(id)}` };
      return Promise.resolve([{ uri, mimeType: 'application/json', text: JSON.stringify(data) }]);
    },
  },
];

import type { Group } from '../group.ts';
import { downloads } from './downloads.ts';
import { pdf } from './pdf.ts';
import { uploadFile } from './upload-file.ts';

export const filesGroup: Group = {
  name: 'files',
  about: 'upload, downloads, PDF',
  offers: ['upload_file', 'downloads', 'pdf'],
  open: (session) => ({
    tools: [uploadFile(session), downloads(session), pdf(session)],
    close: () => undefined,
  }),
};

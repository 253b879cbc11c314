import { runtimeErrorCodes, type Reference } from '@deskhand/server-runtime';
import { PageScript } from './browser/page-script.ts';
import { SharedBrowser } from './browser/shared-browser.ts';
import { config } from './config.ts';
import { errorCodes } from './errors.ts';
import { groupNames } from './groups/index.ts';
import { BrowserSession } from './session.ts';
import { browserTools } from './tools/index.ts';

/** What the generated references are made from. */
export const reference: Reference = {
  tools: browserTools(
    new BrowserSession({
      shared: new SharedBrowser(() => Promise.reject(new Error('the reference has no browser'))),
      script: new PageScript(import.meta.dirname),
      deadline: 15_000,
      isolated: true,
      downloads: '',
      files: '',
      home: '',
    }),
    { evaluate: true, enable: groupNames },
  ).tools.value,
  config,
  errorCodes: { ...runtimeErrorCodes, ...errorCodes },
};

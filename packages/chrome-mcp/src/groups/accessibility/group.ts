import { PageScript } from '../../browser/page-script.ts';
import type { Group } from '../group.ts';
import { accessibilityAudit } from './audit.ts';

export const accessibilityGroup: Group = {
  name: 'accessibility',
  about: 'audit by axe-core',
  offers: ['accessibility_audit'],
  open: (session) => ({
    tools: [accessibilityAudit(session, new PageScript(import.meta.dirname, 'axe.js'))],
    close: () => undefined,
  }),
};

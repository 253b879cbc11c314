export type { Gateway } from '@deskhand/gateway';

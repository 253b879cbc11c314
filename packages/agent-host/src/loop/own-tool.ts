import type { GatewayTool } from '@deskhand/gateway';

/** A tool of the host itself; what it throws is a text for the model. */
export interface OwnTool extends GatewayTool {
  run(input: Readonly<Record<string, unknown>>): Promise<string>;
}

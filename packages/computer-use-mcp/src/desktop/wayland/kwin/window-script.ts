/** Whom a script in KWin tells of the windows. */
export interface Listener {
  /** Our unique name on the session bus. */
  readonly name: string;
  readonly path: string;
  readonly interface: string;
  readonly member: string;
}

/**
 * A script for KWin 5.27 and 6 that reads the windows once and calls us with them as JSON. Only windows of the class for
 * Wayland have a process that KWin knows from their socket; those of X11 say it themselves.
 */
export const windowScript = ({ name, path, interface: iface, member }: Listener): string => `
const all = workspace.windowList ? workspace.windowList() : workspace.clientList();
const order = Array.isArray(workspace.stackingOrder) ? workspace.stackingOrder.map((one) => String(one.internalId)) : null;
const rect = ({ x, y, width, height }) => ({ x, y, width, height });
const windows = all
  .filter((one) => !one.desktopWindow && !one.dock && !one.deleted)
  .map((one) => ({
    id: String(one.internalId),
    kind: String(one).split('(')[0],
    pid: one.pid,
    title: one.caption,
    rect: rect(one.clientGeometry || one.frameGeometry),
    order: order === null ? one.stackingOrder : order.indexOf(String(one.internalId)),
    isActive: one.active,
    isMinimized: one.minimized,
  }));
const { width, height } = workspace.virtualScreenSize;
callDBus(${[name, path, iface, member].map((text) => JSON.stringify(text)).join(', ')}, JSON.stringify({ windows, screen: { width, height } }));
`;

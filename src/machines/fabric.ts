/**
 * Fabric: the bridges between a function and the root complex, and whose a memory request is on its way up.
 *
 * Spec:   PCIe Base, "Access Control Services": P2P Request Redirect, Upstream Forwarding.
 * Kernel: drivers/pci/ats.c, pci_enable_pasid(), which wants both on the whole path.
 * Policy: memory requests are routed by address alone. Nobody on the way looks at a PASID, so an address of a process
 *         that lies in a peer's window is the peer's, unless each bridge sends everything up.
 */

export type Bridge = {
  /** A request for another port below the same switch is sent up all the same. */
  readonly redirects: boolean;
  /** A request for something below the bridge itself is sent up, not turned round. */
  readonly forwards: boolean;
};

/** A window of addresses (pages, both included) that a peer claims, and the bridge at which the ways part. */
export type PeerWindow = { readonly first: number; readonly last: number; readonly at: number };

/** `path`: bridges from the function up. */
export type Fabric = { readonly path: readonly Bridge[]; readonly windows: readonly PeerWindow[] };

export type Destination = 'unit' | 'peer';

/** Where a request for an untranslated address ends up. */
export function destinationOf({ path, windows }: Fabric, page: number): Destination {
  const claimed = windows.filter(({ first, last }) => first <= page && page <= last);
  const isTaken = claimed.some(({ at }) =>
    path.some((bridge, number) =>
      number === at ? !bridge.redirects : number > at && !bridge.forwards,
    ),
  );
  return isTaken ? 'peer' : 'unit';
}

/** Whether every request of the function reaches the unit, whatever its address. */
export const isIsolated = ({ path }: Fabric): boolean =>
  path.every(({ redirects, forwards }) => redirects && forwards);

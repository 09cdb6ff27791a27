import { ContextNode, Neighbours } from './kindDefinition';

/** `facts` of an EndpointSlice, and of an Endpoints object as the one slice that it amounts to. */
export interface SliceFacts {
  addressType: string;
  ready: number;
  notReady: number;
  /** Names of the Service's ports that the addresses serve; `''` for an unnamed one. */
  ports: string[];
  /** Nodes on which no endpoint of this slice is ready. */
  unserved?: string[];
}

/** What all slices of one Service say together. */
export interface Endpoints {
  /** Addresses that take traffic on at least one port. */
  ready: number;
  addresses: number;
  /** Port names that some address serves; `undefined` when no address is listed. */
  ports?: ReadonlySet<string>;
  /** Nodes on which none of the endpoints is ready; known only where one slice holds them all. */
  unserved: readonly string[];
}

/** The Service's slices, or its Endpoints where there are no slices; `undefined` when neither is in view. */
export function endpointsOf(neighbours: Neighbours): Endpoints | undefined {
  const slices = real(neighbours('service-endpointslice', 'out'));
  const facts =
    slices.length > 0 ? slices : real(neighbours('service-endpoints', 'out'));
  return facts.length === 0 ? undefined : total(facts);
}

function real(nodes: readonly ContextNode[]): SliceFacts[] {
  return nodes
    .filter(({ facts }) => facts.addressType !== undefined)
    .map(({ facts }) => facts as unknown as SliceFacts);
}

/** Dual-stack Services list every pod once per address family: the fuller family counts. */
function total(slices: readonly SliceFacts[]): Endpoints {
  const families = new Map<string, { ready: number; addresses: number }>();
  const ports = new Set<string>();
  for (const slice of slices) {
    const family = families.get(slice.addressType) ?? {
      ready: 0,
      addresses: 0,
    };
    family.ready += slice.ready;
    family.addresses += slice.ready + slice.notReady;
    families.set(slice.addressType, family);
    if (slice.ready + slice.notReady > 0) {
      slice.ports.forEach(port => ports.add(port));
    }
  }
  const fullest = [...families.values()].reduce((most, family) =>
    family.addresses > most.addresses ? family : most,
  );
  const filled = slices.filter(({ ready, notReady }) => ready + notReady > 0);
  return {
    ...fullest,
    ...(fullest.addresses > 0 ? { ports } : {}),
    unserved: filled.length === 1 ? filled[0].unserved ?? [] : [],
  };
}

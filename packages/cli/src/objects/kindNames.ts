/** How a person names a kind of objects: `po`, `Pods`, `deployments.apps`, `deployments.v1.apps`. */
export interface KindReference {
  /** As it was written. */
  text: string;
  /** `Type`s of queries that can be meant: kinds in lower case. */
  types: readonly string[];
  /** The API group, or the beginning of it; undefined: any. */
  group?: string;
  /** Kubernetes itself serves it. */
  isKnown: boolean;
  /** Known to have no namespace. */
  isClusterScoped: boolean;
}

/** Names that `kubectl api-resources` shows for what Kubernetes itself serves: kind in lower case, then other names. */
const NAMESPACED = `
  binding
  configmap cm
  controllerrevision
  cronjob cj
  csistoragecapacity csistoragecapacities
  daemonset ds
  deployment deploy
  endpoints endpoint ep
  endpointslice
  event ev
  gateway gtw
  grpcroute
  horizontalpodautoscaler hpa
  httproute
  ingress ing
  job
  lease
  limitrange limits
  networkpolicy netpol
  persistentvolumeclaim pvc
  pod po
  poddisruptionbudget pdb
  podtemplate
  referencegrant refgrant
  replicaset rs
  replicationcontroller rc
  resourceclaim
  resourceclaimtemplate
  resourcequota quota
  role
  rolebinding
  secret
  service svc
  serviceaccount sa
  statefulset sts
  verticalpodautoscaler vpa
  volumesnapshot vs
  container
`;
const CLUSTER_SCOPED = `
  apiservice
  certificatesigningrequest csr
  cluster
  clusterrole
  clusterrolebinding
  csidriver
  csinode
  customresourcedefinition crd crds
  deviceclass
  flowschema
  gatewayclass gc
  ingressclass
  ipaddress ip
  mutatingwebhookconfiguration
  namespace ns
  node no
  persistentvolume pv
  priorityclass pc
  prioritylevelconfiguration
  resourceslice
  runtimeclass
  servicecidr
  storageclass sc
  validatingadmissionpolicy
  validatingadmissionpolicybinding
  validatingwebhookconfiguration
  volumeattachment
  volumeattributesclass vac
  volumesnapshotclass vsclass vsclasses
  volumesnapshotcontent vsc vscs
`;

interface KnownKind {
  type: string;
  isClusterScoped: boolean;
}

const KNOWN = new Map<string, KnownKind>();
for (const [lines, isClusterScoped] of [
  [NAMESPACED, false],
  [CLUSTER_SCOPED, true],
] as const) {
  for (const line of lines.trim().split('\n')) {
    const [type, ...others] = line.trim().split(' ');
    for (const name of [type, pluralOf(type), ...others]) {
      KNOWN.set(name, { type, isClusterScoped });
    }
  }
}

/** All that `kindNamed` knows by itself, for completion: the shortest name of each kind. */
export const KIND_NAMES: readonly string[] = [
  ...new Set([...KNOWN.values()].map(({ type }) => type)),
].sort();

/** Any text is a kind: those that Kubernetes does not serve itself are guessed from the plural. */
export function kindNamed(text: string): KindReference {
  const [name, ...rest] = text.toLowerCase().split('.');
  const version = /^v\d+((alpha|beta)\d+)?$/.test(rest[0] ?? '') ? 1 : 0;
  const group = rest.slice(version).join('.');
  const known = KNOWN.get(name);
  const isKnown = known !== undefined;
  return {
    text,
    types: isKnown ? [known.type] : singularsOf(name),
    ...(group && { group }),
    isKnown,
    isClusterScoped: isKnown && known.isClusterScoped,
  };
}

function pluralOf(type: string): string {
  if (type.endsWith('s')) {
    return type === 'endpoints' ? type : `${type}es`;
  }
  return /[^aeiou]y$/.test(type) ? `${type.slice(0, -1)}ies` : `${type}s`;
}

function singularsOf(name: string): string[] {
  const singulars = [name];
  if (name.endsWith('ies')) {
    singulars.push(`${name.slice(0, -3)}y`);
  }
  if (name.endsWith('es')) {
    singulars.push(name.slice(0, -2));
  }
  if (name.endsWith('s')) {
    singulars.push(name.slice(0, -1));
  }
  return singulars.filter(each => each !== '');
}

import {
  CSI_DRIVER,
  DAEMON_SET,
  DEPLOYMENT,
  STATEFUL_SET,
} from '../kinds/kindIds';
import { KindId, nodeKey } from '../kinds/identity';
import { CausalGraph, CausalGraphNode, Dependency } from './causalGraph';
import { Finding, Quote, called, namespaceFlag } from './finding';

/** Codes of the provisioner's answer that speak of what the claim asks, not of the provisioner's own trouble. */
const ASKED_WRONGLY = /code = (InvalidArgument|OutOfRange)/;

/**
 * A claim whose class should have provisioned a volume (S064, S065): the provisioner has answered with an error, or it
 * does not run. One that is silent and seems to run is asked itself: only its logs know.
 */
export function notProvisioned(
  claim: CausalGraphNode,
  storageClass: Dependency,
  binder: Quote | undefined,
  graph: CausalGraph,
): Finding {
  const error = /failed to provision volume.*?: (.*)$/s.exec(
    binder?.text ?? '',
  )?.[1];
  return error
    ? provisionerRefuses(claim, storageClass, binder!, error)
    : provisionerSilent(claim, storageClass, binder, graph);
}

function provisionerRefuses(
  claim: CausalGraphNode,
  { node: storageClass, edge }: Dependency,
  binder: Quote,
  error: string,
): Finding {
  const isClaims = ASKED_WRONGLY.test(error);
  const provisioner = provisionerOf(storageClass, binder);
  const root = isClaims ? claim : storageClass;
  return {
    type: 'root',
    confidence: 'proven',
    says: `Claim ${claim.name} gets no volume.`,
    evidence: claim.verdict.evidence,
    quote: { who: 'the provisioner', text: binder.text },
    rootEdge: isClaims ? undefined : edge,
    root: {
      node: root,
      fault: 'ProvisioningFailed',
      predicate: isClaims
        ? `asks for what provisioner ${provisioner} cannot make: ${error}`
        : `gets no volumes from its provisioner ${provisioner}: ${error}`,
      nextStep: isClaims
        ? `Ask for what class ${
            storageClass.name
          } offers: kubectl describe pvc ${claim.name}${namespaceFlag(claim)}`
        : `Correct what the provisioner complains of (quota, permission or zone at the storage's provider), or the class's parameters: kubectl get storageclass ${storageClass.name} -o yaml`,
      evidence: [
        { source: 'event', field: 'ProvisioningFailed', value: error },
      ],
      since: claim.verdict.since ?? claim.createdAt,
    },
  };
}

function provisionerSilent(
  claim: CausalGraphNode,
  { node: storageClass }: Dependency,
  binder: Quote | undefined,
  graph: CausalGraph,
): Finding {
  const provisioner = provisionerOf(storageClass, binder);
  const says = `Claim ${claim.name} waits for provisioner ${provisioner} of storage class ${storageClass.name}`;
  const { evidence } = claim.verdict;
  const stopped = stoppedController(claim.cluster, provisioner, graph);
  if (stopped) {
    return {
      type: 'dependency',
      on: stopped.key,
      confidence: 'likely',
      says: `${says}: ${called(stopped)} in namespace ${
        stopped.namespace
      }, which by its name is the provisioner, does not run.`,
      evidence,
      quote: binder,
    };
  }
  const driver = graph.reach(
    nodeKey({
      cluster: claim.cluster,
      kind: CSI_DRIVER,
      namespace: '',
      name: provisioner,
    }),
  );
  if (
    driver?.verdict.level === 'missing' &&
    runningControllers(claim.cluster, provisioner, graph).length === 0
  ) {
    return {
      type: 'root',
      confidence: 'likely',
      says: `${says}.`,
      evidence,
      quote: binder,
      root: {
        node: driver,
        fault: 'MissingCSIDriver',
        predicate: `does not exist: nobody makes volumes for storage class ${storageClass.name}`,
        nextStep: `Install the driver ${provisioner}, or use another class: kubectl get csidrivers; kubectl get storageclasses`,
        evidence: driver.verdict.evidence,
        since: claim.createdAt,
      },
    };
  }
  return {
    type: 'silent',
    because: `${says}${
      binder ? `: "${binder.text}"` : ', which has not answered'
    }. Why is not in Kubernetes' state: see the provisioner's logs.`,
  };
}

/** As the class has it; where that cannot be read, as the binder names it. */
function provisionerOf(
  { properties }: CausalGraphNode,
  binder: Quote | undefined,
): string {
  return String(
    properties.Provisioner ??
      /external provisioner "([^"]+)"/.exec(binder?.text ?? '')?.[1] ??
      'of its class',
  );
}

/** Words of a driver's name that say nothing about whose it is. */
const PLAIN = new Set(
  'csi com io org net dev k8s kubernetes storage driver provisioner external the sigs example volume'.split(
    ' ',
  ),
);

/**
 * The workload that runs a driver's controller and does not run now: nothing in the API links the two, by convention
 * its name holds the driver's. `undefined` when another one of that name runs.
 */
export function stoppedController(
  cluster: string,
  driver: string,
  graph: CausalGraph,
): CausalGraphNode | undefined {
  const all = controllersOf(cluster, driver, [DEPLOYMENT, STATEFUL_SET], graph);
  const stopped = all.filter(isStopped);
  return stopped.length > 0 && stopped.length === all.length
    ? graph.reach(stopped[0].key) ?? stopped[0]
    : undefined;
}

function runningControllers(
  cluster: string,
  driver: string,
  graph: CausalGraph,
): CausalGraphNode[] {
  return controllersOf(
    cluster,
    driver,
    [DEPLOYMENT, STATEFUL_SET, DAEMON_SET],
    graph,
  ).filter(one => !isStopped(one));
}

/** Whether no pod of the workload is ready. */
export function isStopped({ verdict, properties }: CausalGraphNode): boolean {
  return (
    verdict.level === 'down' ||
    verdict.level === 'idle' ||
    (verdict.level === 'degraded' && Number(properties.ReadyReplicas) === 0)
  );
}

/** Workloads whose name shares the telling words of the driver's name and that are a driver's by name or image. */
export function controllersOf(
  cluster: string,
  driver: string,
  kinds: readonly KindId[],
  graph: CausalGraph,
): CausalGraphNode[] {
  const words = driver
    .toLowerCase()
    .split(/[./-]/)
    .filter(word => word.length > 1 && !PLAIN.has(word));
  const [telling] = words;
  return kinds
    .flatMap(kind => graph.inventory({ cluster, kind })?.nodes ?? [])
    .filter(({ verdict }) => verdict.level !== 'missing')
    .filter(({ name, properties: { Images } }) => {
      const parts = name.toLowerCase().split(/[.-]/);
      const images = Array.isArray(Images) ? Images.map(String) : [];
      const isDriver =
        /csi|provisioner|storage/.test(name) ||
        images.some(image => /csi|provisioner/.test(image));
      return (
        isDriver &&
        telling !== undefined &&
        words.some(word => parts.includes(word))
      );
    });
}

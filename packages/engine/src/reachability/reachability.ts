import { AddressCells } from './addressCells';
import { CompiledPolicy, compilePolicies, PeerIndex } from './compiledPolicy';
import { IpFamily, IpRange, parseAddress } from './ipRange';
import {
  Direction,
  InvalidPolicy,
  NetworkPolicy,
  readNetworkPolicy,
} from './networkPolicy';
import { PodClass, podClasses, policyTerms } from './podClasses';
import { podText, ReachabilityInput, ReachablePod } from './reachabilityInput';

/**
 * A cluster's pods and policies, compiled: selectors are sets of classes of pods that no policy tells apart. Answers are
 * given by `reach`, `podMatrix`, `workloadConnections` and `policyChange`.
 */
export class Reachability {
  readonly input: ReachabilityInput;
  /** In order of namespace and name. */
  readonly pods: readonly ReachablePod[];
  readonly classes: readonly PodClass[];
  /** The class of each pod. */
  readonly classOf: Uint32Array;
  readonly cells: AddressCells;
  readonly policies: readonly CompiledPolicy[];
  /** Not applied. */
  readonly invalid: readonly InvalidPolicy[];
  readonly #indexOfPod: ReadonlyMap<string, number>;
  readonly #podOfAddress: ReadonlyMap<string, number>;

  /**
   * `alongside`: other policies whose words the classes respect as well, so that two models of the same pods have
   * the same classes.
   */
  static create(
    input: ReachabilityInput,
    alongside: readonly NetworkPolicy[] = [],
  ): Reachability {
    return new Reachability(input, alongside);
  }

  private constructor(
    input: ReachabilityInput,
    alongside: readonly NetworkPolicy[],
  ) {
    this.input = input;
    this.pods = inOrder(input.pods);
    const { policies, invalid } = readPolicies(input.policies);
    this.invalid = invalid;
    const terms = policyTerms([...policies, ...alongside]);
    this.cells = AddressCells.create(
      terms.blocks,
      families(
        terms.blocks.map(({ cidr }) => cidr),
        this.pods,
      ),
    );
    const { classes, classOf } = podClasses(this.pods, terms, this.cells);
    this.classes = classes;
    this.classOf = classOf;
    this.policies = compilePolicies(policies, {
      classes,
      cells: this.cells,
      blocks: terms.blocks,
      namespaces: input.namespaces,
    });
    this.#indexOfPod = new Map(
      this.pods.map((pod, index) => [podText(pod), index]),
    );
    this.#podOfAddress = new Map(
      this.pods.flatMap((pod, index) =>
        pod.hostNetwork
          ? []
          : pod.addresses.map((address): [string, number] => [address, index]),
      ),
    );
  }

  /** How many peers there are: classes and cells. */
  get peers(): number {
    return this.classes.length + this.cells.cells.length;
  }

  indexOfPod(namespace: string, name: string): number | undefined {
    return this.#indexOfPod.get(`${namespace}/${name}`);
  }

  /** Not of a pod in its host's network: its address is its node's. */
  podOfAddress(address: string): number | undefined {
    return this.#podOfAddress.get(address);
  }

  /** Policies that isolate a peer in a direction; none of addresses and of pods in their host's network. */
  isolating(peer: PeerIndex, direction: Direction): CompiledPolicy[] {
    return peer < this.classes.length
      ? this.policies.filter(
          policy => policy[direction] && policy.selects.has(peer),
        )
      : [];
  }

  /** The cell behind a peer's index. */
  cellOf(peer: PeerIndex): IpRange | undefined {
    return this.cells.cells[peer - this.classes.length];
  }
}

/** A later object of the same name takes the place of an earlier one, as if they were applied one after the other. */
function inOrder(pods: readonly ReachablePod[]): ReachablePod[] {
  const byText = new Map<string, ReachablePod>();
  for (const pod of pods) {
    const text = podText(pod);
    // A bare pod may be called as a workload is.
    if (!pod.isTemplate || !byText.has(text)) {
      byText.set(text, pod);
    } else {
      const name = `${pod.name}[${pod.workload.kind}]`;
      byText.set(`${pod.namespace}/${name}`, { ...pod, name });
    }
  }
  return [...byText.values()].sort(
    (a, b) =>
      compareTexts(a.namespace, b.namespace) || compareTexts(a.name, b.name),
  );
}

function compareTexts(a: string, b: string): number {
  if (a === b) {
    return 0;
  }
  return a < b ? -1 : 1;
}

function readPolicies(objects: ReachabilityInput['policies']): {
  policies: NetworkPolicy[];
  invalid: InvalidPolicy[];
} {
  const byName = new Map<string, ReturnType<typeof readNetworkPolicy>>();
  for (const object of objects) {
    const read = readNetworkPolicy(object);
    const { namespace, name } = 'policy' in read ? read.policy : read.invalid;
    byName.set(`${namespace}/${name}`, read);
  }
  const ordered = [...byName.entries()]
    .sort(([a], [b]) => compareTexts(a, b))
    .map(([, read]) => read);
  return {
    policies: ordered.flatMap(read => ('policy' in read ? read.policy : [])),
    invalid: ordered.flatMap(read => ('invalid' in read ? read.invalid : [])),
  };
}

function families(
  blocks: readonly IpRange[],
  pods: readonly ReachablePod[],
): IpFamily[] {
  const hasV6 =
    blocks.some(({ family }) => family === 6) ||
    pods.some(({ addresses }) =>
      addresses.some(address => parseAddress(address)?.family === 6),
    );
  return hasV6 ? [4, 6] : [4];
}

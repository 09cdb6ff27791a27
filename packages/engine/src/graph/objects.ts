import { Json, Observation } from '../kinds/observation';
import { Relation } from '../kinds/relation';
import { Verdict, withoutHeartbeat } from '../kinds/status';
import { Changes } from './changes';
import { ContentTexts } from './delta';
import { fingerprint } from './fingerprint';
import { GraphNode, NO_FACTS } from './graphNode';
import { Linker } from './linker';
import { linksOf } from './linksOf';
import { edgesAskingForKeys } from './missingKeys';
import { NodeSet } from './nodeSet';
import { Labels, sameLabels } from './selectorIndex';
import { SelectorLinker } from './selectorLinker';
import { SharedVerdicts } from './sharedVerdicts';

/** Takes observed objects into the graph and out of it; what an update does not change is not touched. */
export class Objects {
  readonly #nodes: NodeSet;
  readonly #linker: Linker;
  readonly #selectors: SelectorLinker;
  readonly #changes: Changes;
  readonly #relations: ReadonlyMap<string, Relation>;
  readonly #verdicts = new SharedVerdicts();
  /** The last ones, and their JSON. */
  #labels: Labels = {};
  #labelsText = '{}';

  constructor(options: {
    nodes: NodeSet;
    linker: Linker;
    selectors: SelectorLinker;
    changes: Changes;
    relations: ReadonlyMap<string, Relation>;
  }) {
    this.#nodes = options.nodes;
    this.#linker = options.linker;
    this.#selectors = options.selectors;
    this.#changes = options.changes;
    this.#relations = options.relations;
  }

  upsert(observation: Observation, generation: number): void {
    this.#upsert(observation, undefined).generation = generation;
  }

  remove(node: GraphNode): void {
    for (const part of node.parts ?? []) {
      this.remove(part);
    }
    if (node.presence === 'observed') {
      const { labels } = node;
      this.#linker.unlink(node);
      if (isNamespace(node)) {
        this.#selectors.relabelNamespace(node.name, labels, undefined);
      }
      if (!node.partOf) {
        node.kind.objects--;
      }
    }
    if (node.facts.keys) {
      this.#showKeysAnew(node);
    }
    this.#nodes.becomeGhost(node);
    this.#changes.contents.delete(node);
    this.#changes.nodes.add(node);
    this.#changes.unjudged.add(node);
    this.#changes.seenDifferently.add(node);
  }

  #upsert(observation: Observation, whole: GraphNode | undefined): GraphNode {
    const { key, kind, namespace, name } = observation;
    const node =
      this.#nodes.get(key) ??
      this.#nodes.add(key, kind, namespace, name, 'ghost');
    const isNew = node.presence !== 'observed';
    if (isNew) {
      this.#nodes.observe(node);
      node.partOf = whole;
      if (!whole) {
        node.kind.objects++;
      }
      this.#changes.unjudged.add(node);
      this.#changes.seenDifferently.add(node);
      this.#changes.release(node);
    }
    const labels = this.#sharedLabels(observation.labels);
    this.#updateContent(node, observation, labels);
    this.#updateLabels(node, labels, observation.podLabels, isNew);
    this.#updateStatus(node, observation);
    this.#updateLinks(node, observation);
    this.#updateParts(node, observation.parts);
    return node;
  }

  /** @param labels those that were shared last */
  #updateContent(
    node: GraphNode,
    observation: Observation,
    labels: Labels,
  ): void {
    const { name, uid, createdAt, properties } = observation;
    const texts = {
      labels: this.#labelsText,
      properties: JSON.stringify(properties),
    };
    const print = contentPrint(observation, texts);
    node.name = name;
    if (print !== node.contentPrint) {
      node.contentPrint = print;
      this.#changes.nodes.add(node);
    }
    if (print === node.publishedContent) {
      this.#changes.contents.delete(node);
    } else {
      this.#changes.contents.set(node, { labels, properties, texts });
    }
    if (node.createdAt !== createdAt) {
      node.createdAt = createdAt;
      this.#changes.unjudged.add(node);
      this.#changes.seenDifferently.add(node);
    }
    if (node.uid !== uid) {
      this.#linker.disown(node);
      this.#nodes.setUid(node, uid);
      this.#linker.adopt(node);
      this.#changes.unjudged.add(node);
    }
  }

  /** A pod and its containers have one object of labels, and the pods of an owner equal ones. */
  #sharedLabels(labels: Labels): Labels {
    if (labels !== this.#labels && !sameText(labels, this.#labels)) {
      this.#labels = labels;
      this.#labelsText = JSON.stringify(labels);
    }
    return this.#labels;
  }

  #updateLabels(
    node: GraphNode,
    labels: Labels,
    podLabels: Labels | undefined,
    isNew: boolean,
  ): void {
    if (node.partOf) {
      // Parts are found through what they are parts of, never by label.
      return;
    }
    this.#selectors.relabelPods(node, podLabels);
    const before = isNew ? undefined : node.labels;
    if (before && sameLabels(before, labels)) {
      return;
    }
    this.#selectors.relabel(node, before, labels);
    if (isNamespace(node)) {
      this.#selectors.relabelNamespace(node.name, before, labels);
    }
  }

  #updateStatus(
    node: GraphNode,
    { verdict, facts = NO_FACTS }: Observation,
  ): void {
    const text = JSON.stringify(withoutHeartbeat(verdict));
    const print = fingerprint(text);
    if (print !== node.declaredPrint) {
      node.declaredPrint = print;
      node.declared = this.#verdicts.shared(verdict, print);
      node.currentPrint = print;
      this.#changes.unjudged.add(node);
      if (
        print !== node.publishedVerdict &&
        verdict.sequel?.heartbeat === undefined
      ) {
        this.#changes.verdictTexts.set(node.declared, text);
      }
    }
    const heartbeat = verdict.sequel?.heartbeat;
    if (heartbeat !== undefined) {
      this.#hear(node, verdict, heartbeat);
    }
    if (!sameFacts(facts, node.facts)) {
      if (facts.keys || node.facts.keys) {
        this.#showKeysAnew(node);
      }
      node.facts = facts;
      this.#changes.seenDifferently.add(node);
    }
  }

  /** The edges that ask for keys of the object may show others as missing. */
  #showKeysAnew(node: GraphNode): void {
    for (const edge of edgesAskingForKeys(node)) {
      this.#changes.edges.add(edge);
    }
  }

  /** Puts off what a heartbeat puts off. The verdict's print does not tell one from the next. */
  #hear(node: GraphNode, verdict: Verdict, heartbeat: number): void {
    node.kind.heard = Math.max(node.kind.heard, heartbeat);
    if (node.declared.sequel?.heartbeat !== heartbeat) {
      node.declared = verdict;
      node.currentPrint = node.declaredPrint;
      this.#changes.unjudged.add(node);
    }
  }

  #updateLinks(node: GraphNode, observation: Observation): void {
    const links = linksOf(node, observation, {
      relations: this.#relations,
      nodes: this.#nodes,
    });
    const { links: before = [] } = node;
    if (
      links.length !== before.length ||
      links.some((link, at) => link !== before[at])
    ) {
      this.#linker.relink(node, links);
    }
  }

  #updateParts(node: GraphNode, observed: readonly Observation[]): void {
    if (observed.length === 0 && !node.parts) {
      return;
    }
    const parts = observed.map(part => this.#upsert(part, node));
    for (const former of node.parts ?? []) {
      if (!parts.includes(former)) {
        this.remove(former);
      }
    }
    node.parts = parts.length > 0 ? parts : undefined;
  }
}

export function contentPrint(
  { name, uid, createdAt }: Pick<Observation, 'name' | 'uid' | 'createdAt'>,
  { labels, properties }: ContentTexts,
): number {
  return fingerprint(
    `${name}\n${uid ?? ''}\n${createdAt ?? ''}\n`,
    labels,
    properties,
  );
}

function isNamespace(node: GraphNode): boolean {
  return node.kind.text === 'Namespace';
}

/** Whether their JSON is equal. */
function sameText(
  one: Readonly<Record<string, string>>,
  other: Readonly<Record<string, string>>,
): boolean {
  const keys = Object.keys(one);
  const others = Object.keys(other);
  return (
    keys.length === others.length &&
    keys.every((key, nth) => key === others[nth] && one[key] === other[key])
  );
}

function sameFacts(
  one: Readonly<Record<string, Json>>,
  other: Readonly<Record<string, Json>>,
): boolean {
  const names = Object.keys(one);
  return (
    one === other ||
    (names.length === Object.keys(other).length &&
      names.every(
        name =>
          one[name] === other[name] ||
          JSON.stringify(one[name]) === JSON.stringify(other[name]),
      ))
  );
}

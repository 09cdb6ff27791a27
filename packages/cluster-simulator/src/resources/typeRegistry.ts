import { KubernetesObject } from '../objects/kubernetesObject';
import { builtInTypes } from './builtInTypes';
import {
  apiVersionOf,
  groupResource,
  parseApiVersion,
  ResourceType,
  Subresource,
} from './resourceType';

/** The kinds that this API server serves: built in, from CustomResourceDefinitions, or seen in a loaded state. */
export class TypeRegistry {
  readonly #byKind = new Map<string, ResourceType>();
  readonly #byPath = new Map<string, ResourceType>();

  readonly #ended = new Set<(type: ResourceType) => void>();

  /** @param minor of the server's version, `1.<minor>`: later ones serve more kinds */
  static create(minor: number = 31): TypeRegistry {
    const registry = new TypeRegistry();
    builtInTypes(minor).forEach(type => registry.#add(type));
    return registry;
  }

  all(): ResourceType[] {
    return [...this.#byPath.values()];
  }

  /** By what a path says: `apps`, `v1`, `deployments`. */
  atPath(
    group: string,
    version: string,
    resource: string,
  ): ResourceType | undefined {
    return this.#byPath.get(`${group}/${version}/${resource}`);
  }

  /**
   * The kind of a loaded object. One that nobody defined is taken for a custom resource, so that captured states
   * load without their definitions.
   */
  ofObject(object: KubernetesObject): ResourceType {
    const known = this.#byKind.get(`${object.apiVersion}/${object.kind}`);
    if (known) {
      return known;
    }
    const kind = object.kind.toLowerCase();
    const type: ResourceType = {
      ...parseApiVersion(object.apiVersion),
      resource: pluralOf(kind),
      singular: kind,
      kind: object.kind,
      namespaced: object.metadata.namespace !== undefined,
      shortNames: [],
      subresources: ['status'],
      custom: true,
    };
    this.#add(type);
    return type;
  }

  /** By `Pod`, `pods`, `Deployment.apps` or `deployments.apps`; for callers inside the process. */
  named(name: string): ResourceType | undefined {
    return this.all().find(
      type =>
        type.kind === name ||
        type.resource === name ||
        groupResource(type) === name ||
        `${type.kind}.${type.group}` === name,
    );
  }

  /**
   * Serves what a CustomResourceDefinition defines, all its served versions from one table; versions that it served
   * before and does not any more end. Nothing is served of a definition whose names were refused.
   */
  define(definition: KubernetesObject): void {
    const { group, names, scope, versions } = definition.spec;
    const served: ResourceType[] = versions
      .filter((version: { served: boolean }) => version.served)
      .map((version: { name: string; subresources?: object }) => ({
        group,
        version: version.name,
        resource: names.plural,
        singular: names.singular ?? names.kind.toLowerCase(),
        kind: names.kind,
        namespaced: scope === 'Namespaced',
        shortNames: names.shortNames ?? [],
        subresources: Object.keys(version.subresources ?? {}) as Subresource[],
        custom: true,
      }));
    this.#replace(definition, isRefused(definition) ? [] : served);
  }

  /** Serves a definition's kinds no more. */
  undefine(definition: KubernetesObject): void {
    this.#replace(definition, []);
  }

  /** Calls the listener with each kind that is served no more. */
  onEnd(listener: (type: ResourceType) => void): void {
    this.#ended.add(listener);
  }

  #replace({ spec }: KubernetesObject, served: readonly ResourceType[]): void {
    const before = this.all().filter(
      type => type.group === spec.group && type.resource === spec.names.plural,
    );
    for (const type of before) {
      this.#byPath.delete(pathOf(type));
      this.#byKind.delete(`${apiVersionOf(type)}/${type.kind}`);
    }
    served.forEach(type => this.#add(type));
    before
      .filter(type => !this.#byPath.has(pathOf(type)))
      .forEach(type => this.#ended.forEach(tell => tell(type)));
  }

  #add(type: ResourceType): void {
    this.#byPath.set(pathOf(type), type);
    this.#byKind.set(`${apiVersionOf(type)}/${type.kind}`, type);
  }
}

function isRefused({ status }: KubernetesObject): boolean {
  return (status?.conditions ?? []).some(
    (condition: { type: string; status: string }) =>
      condition.type === 'Established' && condition.status !== 'True',
  );
}

function pathOf(type: ResourceType): string {
  return `${type.group}/${type.version}/${type.resource}`;
}

function pluralOf(kind: string): string {
  if (/(s|x|z|ch|sh)$/.test(kind)) {
    return `${kind}es`;
  }
  return /[^aeiou]y$/.test(kind) ? `${kind.slice(0, -1)}ies` : `${kind}s`;
}

import { KubernetesObject } from './kindDefinition';
import { SERVICE } from './kindIds';
import { Reference } from './observation';

/** `http://cart.shop.svc:8080/x`, `db-0.db.shop.svc` and the like. */
const FULL_NAME =
  /(?:^|[^a-z0-9-])([a-z0-9](?:[a-z0-9-]*[a-z0-9])?)\.([a-z0-9](?:[a-z0-9-]*[a-z0-9])?)\.svc(?![a-z0-9-])/g;
/** `http://cart:8080/x`, `postgres://u:p@db/shop`: a name without dots is one of the own namespace. */
const HOST_OF_URL =
  /:\/\/(?:[^\s/@]*@)?([a-z0-9](?:[a-z0-9-]*[a-z0-9])?)(?=[:/\s,;'"?)]|$)/g;
/** `cart:8080`, `kafka-0:9092,kafka-1:9092` and nothing else; a tag like `redis:7` has fewer digits than a port. */
const HOST_AND_PORT =
  /(?:^|,)([a-z](?:[a-z0-9-]*[a-z0-9])?):\d{3,5}(?=\/|,|$)/g;
/** What init containers wait with: `nslookup db`, `nc -z db 5432`, `pg_isready -h db`, `wait-for-it db:5432`. */
const AWAITED =
  /\b(?:nslookup|nc(?:\s+-\S+)*|pg_isready\s[^;|&]*-h|wait-for(?:-it)?(?:\.sh)?)\s+([a-z](?:[a-z0-9-]*[a-z0-9])?)(?=[\s:;"']|$)/g;
const FULL = '.svc';
/** A command may be a script; nobody calls so many. */
const MOST_SERVICES = 20;

/** Where a text is from: a script may say `cart:8080` of many things, a variable that is nothing else means a host. */
type TextOf = 'variable' | 'script';

class CalledNames {
  readonly #namespace: string;
  readonly #waits: boolean;
  #found: Set<string> | undefined;

  constructor(namespace: string, waits: boolean) {
    this.#namespace = namespace;
    this.#waits = waits;
  }

  addScript(texts: unknown): void {
    if (Array.isArray(texts)) {
      for (let nth = 0; nth < texts.length; nth++) {
        this.#read(texts[nth], 'script');
      }
    }
  }

  addVariables(env: unknown): void {
    if (Array.isArray(env)) {
      for (let nth = 0; nth < env.length; nth++) {
        this.#read(env[nth]?.value, 'variable');
      }
    }
  }

  #read(text: unknown, from: TextOf): void {
    if (typeof text !== 'string') {
      return;
    }
    if (text.includes(FULL)) {
      for (const [, name, namespace] of text.matchAll(FULL_NAME)) {
        this.#add(name, namespace);
      }
    }
    if (text.includes(':')) {
      this.#addAll(text, HOST_OF_URL);
      if (from === 'variable') {
        this.#addAll(text, HOST_AND_PORT);
      }
    }
    if (this.#waits && from === 'script') {
      this.#addAll(text, AWAITED);
    }
  }

  #addAll(text: string, pattern: RegExp): void {
    for (const [, name] of text.matchAll(pattern)) {
      this.#add(name, this.#namespace);
    }
  }

  #add(name: string, namespace: string): void {
    const isHere = name === 'localhost' || /^\d+$/.test(name);
    this.#found ??= new Set();
    if (!isHere && this.#found.size < MOST_SERVICES) {
      this.#found.add(`${namespace}/${name}`);
    }
  }

  addTo(references: Reference[], relation: string): void {
    for (const found of this.#found ?? []) {
      const slash = found.indexOf('/');
      references.push({
        relation,
        end: 'source',
        other: {
          kind: SERVICE,
          namespace: found.slice(0, slash),
          name: found.slice(slash + 1),
        },
        required: false,
      });
    }
  }
}

/**
 * Adds the Services whose names stand in a pod spec's texts as hosts: its containers call them (R080), its init
 * containers wait for them (R081). Inferred and never required. Only the names are kept: the texts may hold anything.
 *
 * @param owner as for `podSpecReferences`
 */
export function addCalledServices(
  references: Reference[],
  owner: string,
  namespace: string,
  spec: KubernetesObject | undefined,
): void {
  add(references, `${owner}-service-called`, namespace, spec?.containers);
  add(references, `${owner}-service-awaited`, namespace, spec?.initContainers);
}

/** Loops by index, as it runs for each pod: nearly all texts are passed over without a look at their letters' order. */
function add(
  references: Reference[],
  relation: string,
  namespace: string,
  containers: unknown,
): void {
  if (!Array.isArray(containers)) {
    return;
  }
  const names = new CalledNames(namespace, relation.endsWith('-awaited'));
  for (let nth = 0; nth < containers.length; nth++) {
    const container = containers[nth];
    if (container) {
      names.addScript(container.args);
      names.addScript(container.command);
      names.addVariables(container.env);
    }
  }
  names.addTo(references, relation);
}

import { KubernetesObject } from './kindDefinition';
import { SERVICE } from './kindIds';
import { Reference } from './observation';

/** `http://cart.shop.svc:8080/x`, `db-0.db.shop.svc` and the like; a bare `cart` could be anything. */
const HOST =
  /(?:^|[^a-z0-9-])([a-z0-9](?:[a-z0-9-]*[a-z0-9])?)\.([a-z0-9](?:[a-z0-9-]*[a-z0-9])?)\.svc(?![a-z0-9-])/g;
const MARK = '.svc';
/** A command may be a script; nobody calls so many. */
const MOST_SERVICES = 20;

/**
 * Adds the Services whose full names stand in a pod spec's texts: its containers call them (R080), its init containers
 * wait for them (R081). Inferred and never required. Only the names are kept: the texts may hold anything.
 *
 * @param owner as for `podSpecReferences`
 */
export function addCalledServices(
  references: Reference[],
  owner: string,
  spec: KubernetesObject | undefined,
): void {
  add(references, owner, 'called', spec?.containers);
  add(references, owner, 'awaited', spec?.initContainers);
}

/** Loops by index, as it runs for each pod: nearly all texts are passed over without a look at their letters' order. */
function add(
  references: Reference[],
  owner: string,
  how: 'called' | 'awaited',
  containers: unknown,
): void {
  if (!Array.isArray(containers)) {
    return;
  }
  let texts: string[] | undefined;
  for (let nth = 0; nth < containers.length; nth++) {
    const container = containers[nth];
    if (container) {
      texts = marked(texts, container.args);
      texts = marked(texts, container.command);
      texts = markedValues(texts, container.env);
    }
  }
  if (texts) {
    addNamed(references, `${owner}-service-${how}`, texts);
  }
}

function marked(
  found: string[] | undefined,
  texts: unknown,
): string[] | undefined {
  let all = found;
  if (Array.isArray(texts)) {
    for (let nth = 0; nth < texts.length; nth++) {
      const text: unknown = texts[nth];
      if (typeof text === 'string' && text.includes(MARK)) {
        (all ??= []).push(text);
      }
    }
  }
  return all;
}

function markedValues(
  found: string[] | undefined,
  env: unknown,
): string[] | undefined {
  let all = found;
  if (Array.isArray(env)) {
    for (let nth = 0; nth < env.length; nth++) {
      const value: unknown = env[nth]?.value;
      if (typeof value === 'string' && value.includes(MARK)) {
        (all ??= []).push(value);
      }
    }
  }
  return all;
}

function addNamed(
  references: Reference[],
  relation: string,
  texts: readonly string[],
): void {
  const found = new Set<string>();
  for (const text of texts) {
    for (const [, name, namespace] of text.matchAll(HOST)) {
      const key = `${namespace}/${name}`;
      if (found.size < MOST_SERVICES && !found.has(key)) {
        found.add(key);
        references.push({
          relation,
          end: 'source',
          other: { kind: SERVICE, namespace, name },
          required: false,
        });
      }
    }
  }
}

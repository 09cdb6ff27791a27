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
  add(references, `${owner}-service-called`, spec?.containers);
  add(references, `${owner}-service-awaited`, spec?.initContainers);
}

function add(
  references: Reference[],
  relation: string,
  containers: unknown,
): void {
  if (!Array.isArray(containers)) {
    return;
  }
  let found: Set<string> | undefined;
  for (const container of containers) {
    eachText(container, text => {
      for (const [, name, namespace] of text.matchAll(HOST)) {
        found ??= new Set();
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
    });
  }
}

/** Loops, as it runs for each pod: nearly all texts are passed over by their letters. */
function eachText(container: any, look: (text: string) => void): void {
  const { env, args, command } = container ?? {};
  if (Array.isArray(env)) {
    for (const variable of env) {
      const value: unknown = variable?.value;
      if (typeof value === 'string' && value.includes(MARK)) {
        look(value);
      }
    }
  }
  for (const texts of [args, command]) {
    if (Array.isArray(texts)) {
      for (const text of texts) {
        if (typeof text === 'string' && text.includes(MARK)) {
          look(text);
        }
      }
    }
  }
}

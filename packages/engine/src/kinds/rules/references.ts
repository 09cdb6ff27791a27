import { KindId, kindText } from '../identity';
import { KubernetesObject } from '../kindDefinition';
import { parseGroup } from '../metadata';
import { Json, Reference } from '../observation';
import { isMap } from '../wellFormed';
import { compileComparison, isScalar } from './comparison';
import { FieldPath } from './fieldPath';
import { kindFromText } from './kindText';
import { relationNameOf } from './relationsOf';
import { ReferenceRule } from './ruleSchema';

/** Whether a kind is in namespaces; `undefined` where nobody has said so. */
export type IsNamespaced = (kind: KindId) => boolean | undefined;

/** What is found at a path, with the objects around it: the nearest first. */
interface Found {
  text: string;
  around: readonly unknown[];
  ownNamespace: string;
}

interface Named {
  name: string;
  namespace?: string;
  kind?: KindId;
}

const NAME = /^[A-Za-z0-9]([A-Za-z0-9:._-]{0,251}[A-Za-z0-9])?$/;
const LONGEST_DETAIL = 256;
const MOST_DETAILS = 50;

/** The references that the rules find in an object; those to one target are one. */
export function compileReferences(
  ownType: string,
  rules: readonly ReferenceRule[],
  isNamespaced: IsNamespaced,
): (object: KubernetesObject) => Reference[] {
  const compiled = rules.map(rule =>
    compileReference(ownType, rule, isNamespaced),
  );
  return object => {
    const references = new Map<string, Reference>();
    for (const find of compiled) {
      find(object, reference => {
        const { details, ...target } = reference;
        const key = JSON.stringify(target);
        const former = references.get(key);
        references.set(
          key,
          former?.details || details
            ? { ...target, details: joined(former?.details, details) }
            : target,
        );
      });
    }
    return [...references.values()];
  };
}

type Details = NonNullable<Reference['details']>;

function joined(one: Details = {}, other: Details = {}): Details {
  const details: { [name: string]: Json } = { ...one };
  for (const [name, values] of Object.entries(other)) {
    const all = [
      ...((details[name] as string[]) ?? []),
      ...(values as string[]),
    ];
    details[name] = [...new Set(all)].sort().slice(0, MOST_DETAILS);
  }
  return details;
}

function compileReference(
  ownType: string,
  rule: ReferenceRule,
  isNamespaced: IsNamespaced,
): (object: KubernetesObject, take: (found: Reference) => void) => void {
  const path = FieldPath.parse(rule.path);
  const relation = relationNameOf(ownType, rule);
  const end = rule.arrow === 'out' ? 'source' : 'target';
  const skip = new Set(rule.skip);
  const nameOf = compileName(rule);
  const kindOf = compileKind(rule);
  const clusterScoped = clusterScopedBy(rule, isNamespaced);
  const namespaceOf = compileNamespace(rule);
  const isMeant = compileWhen(rule);
  const isRequired = compileRequired(rule);
  const detailsOf = compileDetails(rule);
  return (object, take) => {
    const ownNamespace: string = object.metadata.namespace ?? '';
    path.visit(object, (text, above) => {
      if (typeof text !== 'string' || text === '' || skip.has(text)) {
        return;
      }
      const found = { text, around: above.filter(isMap), ownNamespace };
      const named = nameOf(rule.name ?? text);
      const kind = named?.kind ?? kindOf(found);
      if (!named || !kind || !NAME.test(named.name) || !isMeant(found)) {
        return;
      }
      const namespace = clusterScoped(kind)
        ? ''
        : named.namespace ?? namespaceOf(found);
      if (namespace === '' && isNamespaced(kind)) {
        return;
      }
      const details = detailsOf(found);
      take({
        relation,
        end,
        other: { kind, namespace, name: named.name },
        required: isRequired(found),
        ...(details ? { details } : {}),
      });
    });
  };
}

/** A path that starts beside the name. */
function compileBeside(text: string): (found: Found) => unknown[] {
  const path = FieldPath.parse(text);
  return ({ around }) => path.all(around[path.up]);
}

function compileMaybe(
  text: string | undefined,
): ((found: Found) => unknown[]) | undefined {
  return text === undefined ? undefined : compileBeside(text);
}

function compileName({
  form,
  prefix = '',
}: ReferenceRule): (text: string) => Named | undefined {
  switch (form) {
    case 'namespacedName':
      return text => {
        const [first, ...rest] = text.split('/');
        return rest.length === 0
          ? { name: prefix + first }
          : { namespace: first, name: prefix + rest.join('/') };
      };
    case 'serviceHost':
      return serviceOfHost;
    case 'inventoryId':
      return inventoryEntry;
    default:
      return text => ({ name: prefix + text });
  }
}

/** `reviews`, or `reviews.shop.svc.cluster.local`; other hosts are no Service of the cluster. */
function serviceOfHost(host: string): Named | undefined {
  const [name, namespace, svc] = host.split('.');
  if (namespace === undefined) {
    return { name };
  }
  return svc === 'svc' ? { name, namespace } : undefined;
}

/** Flux: `<namespace>_<name>_<group>_<kind>`, where a name's `:` is written `__`. */
function inventoryEntry(id: string): Named | undefined {
  const match = /^([^_]*)_(.+)_([^_]*)_([A-Z][A-Za-z0-9]*)$/.exec(id);
  if (!match) {
    return undefined;
  }
  const [, namespace, name, group, kind] = match;
  return {
    namespace,
    name: name.replace(/__/g, ':'),
    kind: { group, kind },
  };
}

function compileKind({
  to,
}: ReferenceRule): (found: Found) => KindId | undefined {
  if (to === undefined || typeof to === 'string') {
    const kind = to === undefined ? undefined : kindFromText(to);
    return () => kind;
  }
  const standard =
    to.default === undefined ? undefined : kindFromText(to.default);
  const only = to.only && new Set(to.only);
  const kindFrom = compileBeside(to.kindFrom);
  const groupFrom = compileMaybe(to.groupFrom);
  const versionFrom = compileMaybe(to.apiVersionFrom);
  const groupOf = (found: Found): string | undefined => {
    const group = groupFrom?.(found)[0];
    const apiVersion = versionFrom?.(found)[0];
    if (typeof group === 'string') {
      return group;
    }
    return typeof apiVersion === 'string' && apiVersion !== ''
      ? parseGroup(apiVersion)
      : undefined;
  };
  return found => {
    const written = kindFrom(found)[0];
    const kind =
      typeof written === 'string' && written !== ''
        ? { kind: written, group: groupOf(found) ?? standard?.group ?? '' }
        : standard;
    return kind && (!only || only.has(kindText(kind))) ? kind : undefined;
  };
}

function clusterScopedBy(
  { to, namespace }: ReferenceRule,
  isNamespaced: IsNamespaced,
): (kind: KindId) => boolean {
  const named = new Set(typeof to === 'object' ? to.clusterScoped : []);
  return kind =>
    namespace === 'none' ||
    isNamespaced(kind) === false ||
    named.has(kindText(kind));
}

function compileNamespace({
  namespace,
}: ReferenceRule): (found: Found) => string {
  if (typeof namespace === 'string') {
    return ({ ownNamespace }) => ownNamespace;
  }
  if ('fixed' in namespace) {
    return () => namespace.fixed;
  }
  const from = compileBeside(namespace.from);
  return found => {
    const [text] = from(found);
    if (typeof text === 'string' && text !== '') {
      return text;
    }
    return namespace.absent === 'own' ? found.ownNamespace : '';
  };
}

function compileWhen({ when }: ReferenceRule): (found: Found) => boolean {
  if (!when) {
    return () => true;
  }
  const beside = compileBeside(when.field);
  const compare = compileComparison(when);
  return found => compare(beside(found), undefined) === true;
}

function compileRequired({
  required,
}: ReferenceRule): (found: Found) => boolean {
  if (typeof required === 'boolean') {
    return () => required;
  }
  const unless = compileBeside(required.unless);
  return found => !unless(found).some(value => value === true);
}

function compileDetails({
  details,
}: ReferenceRule): (found: Found) => Details | undefined {
  const compiled = Object.entries(details ?? {}).map(
    ([name, path]) => [name, compileBeside(path)] as const,
  );
  return found => {
    const told = compiled.flatMap(([name, beside]) => {
      const values = beside(found)
        .filter(isScalar)
        .map(value => String(value).slice(0, LONGEST_DETAIL));
      return values.length > 0
        ? [[name, [...new Set(values)].sort().slice(0, MOST_DETAILS)]]
        : [];
    });
    return told.length > 0 ? Object.fromEntries(told) : undefined;
  };
}

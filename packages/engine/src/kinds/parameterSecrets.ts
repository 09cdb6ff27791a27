import { SECRET } from './kindIds';
import { Reference } from './observation';

const SECRET_NAME = /^csi\.storage\.k8s\.io\/(.+-)?secret-name$/;

/**
 * The Secrets that a class hands to its driver (R053): `csi.storage.k8s.io/provisioner-secret-name` and the like. Names
 * with `${…}` are made anew for each volume; the volume then has them (R050).
 */
export function parameterSecrets(
  relation: string,
  parameters: { readonly [name: string]: unknown } = {},
): Reference[] {
  const found = new Map<string, Reference>();
  for (const [parameter, value] of Object.entries(parameters)) {
    const namespace = parameters[parameter.replace(/name$/, 'namespace')];
    if (
      SECRET_NAME.test(parameter) &&
      isPlain(value) &&
      isPlain(namespace) &&
      !found.has(`${namespace}/${value}`)
    ) {
      found.set(`${namespace}/${value}`, {
        relation,
        end: 'source',
        other: { kind: SECRET, namespace, name: value },
        required: true,
      });
    }
  }
  return [...found.values()];
}

function isPlain(text: unknown): text is string {
  return typeof text === 'string' && text !== '' && !text.includes('${');
}

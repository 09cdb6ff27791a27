import { readFileSync } from 'fs';
import { parseAllDocuments } from 'yaml';
import { KubernetesObject } from '../objects/kubernetesObject';

/** A text that holds no Kubernetes objects; the message names the file and says what is wrong. */
export class UnreadableObjectsError extends Error {}

/**
 * Objects out of JSON or multi-document YAML; a `v1 List` (as `kubectl get -o json` gives it) stands for its items.
 * @param source named in errors
 * @throws {UnreadableObjectsError}
 */
export function readObjects(text: string, source: string): KubernetesObject[] {
  const documents = text.trimStart().startsWith('{')
    ? [parseJson(text, source)]
    : parseAllDocuments(text, { version: '1.1' }).map(document => {
        if (document.errors.length > 0) {
          throw new UnreadableObjectsError(
            `${source}: ${document.errors[0].message}`,
          );
        }
        return document.toJS();
      });
  return documents
    .filter(document => document !== null)
    .flatMap(document => itemsOf(document, source));
}

/** @throws {UnreadableObjectsError} and what reading the file throws */
export function readObjectsFromFile(path: string): KubernetesObject[] {
  return readObjects(readFileSync(path, 'utf8'), path);
}

/** Definitions before what they define, so that each custom resource is served as it is defined. */
export function definitionsFirst(
  objects: readonly KubernetesObject[],
): KubernetesObject[] {
  const isDefinition = ({ kind }: KubernetesObject) =>
    kind === 'CustomResourceDefinition';
  return [
    ...objects.filter(isDefinition),
    ...objects.filter(object => !isDefinition(object)),
  ];
}

function parseJson(text: string, source: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new UnreadableObjectsError(`${source}: ${(error as Error).message}`);
  }
}

function itemsOf(document: any, source: string): KubernetesObject[] {
  if (typeof document?.kind === 'string' && Array.isArray(document.items)) {
    return document.items.flatMap((item: any) =>
      itemsOf(
        {
          ...item,
          kind: item.kind ?? document.kind.replace(/List$/, ''),
          apiVersion: item.apiVersion ?? document.apiVersion,
        },
        source,
      ),
    );
  }
  if (!document?.apiVersion || !document?.kind || !document?.metadata?.name) {
    throw new UnreadableObjectsError(
      `${source}: a document has no apiVersion, kind or metadata.name`,
    );
  }
  return [document];
}

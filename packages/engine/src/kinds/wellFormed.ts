import { KubernetesObject } from './kindDefinition';

/** A JSON object: neither null nor an array. */
export function isMap(value: unknown): value is { [name: string]: any } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const TEXTS = [
  'name',
  'namespace',
  'uid',
  'resourceVersion',
  'creationTimestamp',
  'deletionTimestamp',
] as const;

/**
 * The object with a `metadata` whose fields have the types that the API has for them; others are left out. The API
 * server checks them, a file of manifests nobody: one odd field must not cost the object.
 */
export function withWellFormedMetadata(
  object: KubernetesObject,
): KubernetesObject {
  const from = isMap(object?.metadata) ? object.metadata : {};
  const metadata: { [name: string]: unknown } = {};
  for (const name of TEXTS) {
    if (typeof from[name] === 'string') {
      metadata[name] = from[name];
    }
  }
  if (typeof from.generation === 'number') {
    metadata.generation = from.generation;
  }
  metadata.labels = textsOf(from.labels);
  metadata.annotations = textsOf(from.annotations);
  metadata.ownerReferences = listOf(from.ownerReferences).filter(isMap);
  metadata.finalizers = listOf(from.finalizers).filter(
    finalizer => typeof finalizer === 'string',
  );
  if (Array.isArray(from.managedFields)) {
    metadata.managedFields = from.managedFields.filter(isMap);
  }
  return { ...object, metadata };
}

function textsOf(value: unknown): Record<string, string> {
  const texts: Record<string, string> = {};
  for (const [name, text] of Object.entries(isMap(value) ? value : {})) {
    if (typeof text === 'string') {
      texts[name] = text;
    }
  }
  return texts;
}

export function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

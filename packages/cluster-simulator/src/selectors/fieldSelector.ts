import { groupResource, ResourceType } from '../resources/resourceType';
import { StoredObject } from '../storage/storedObject';

/** A `fieldSelector` (`status.phase=Running,spec.nodeName!=a`) as one test of an object. */
export type FieldMatcher = (object: StoredObject) => boolean;

export class UnsupportedFieldError extends Error {
  constructor(field: string) {
    super(`field label not supported: ${field}`);
  }
}

/** Beside metadata.name and metadata.namespace, which all kinds have. */
const FIELDS: Record<string, readonly string[]> = {
  events: [
    'involvedObject.kind',
    'involvedObject.namespace',
    'involvedObject.name',
    'involvedObject.uid',
    'involvedObject.apiVersion',
    'involvedObject.resourceVersion',
    'involvedObject.fieldPath',
    'reason',
    'reportingComponent',
    'source',
    'type',
  ],
  'jobs.batch': ['status.successful'],
  namespaces: ['status.phase'],
  nodes: ['spec.unschedulable'],
  pods: [
    'spec.hostNetwork',
    'spec.nodeName',
    'spec.restartPolicy',
    'spec.schedulerName',
    'spec.serviceAccountName',
    'status.nominatedNodeName',
    'status.phase',
    'status.podIP',
  ],
  'replicasets.apps': ['status.replicas'],
  replicationcontrollers: ['status.replicas'],
  secrets: ['type'],
};

/** Fields that are read as something other than their own path. */
const ALIASES: Record<string, string> = {
  'source@events': 'source.component',
  'status.successful@jobs.batch': 'status.succeeded',
};

/** Values that an absent field has. */
const ABSENT: Record<string, string> = {
  'spec.hostNetwork': 'false',
  'spec.unschedulable': 'false',
  'status.replicas': '0',
  'status.successful': '0',
};

/**
 * @throws {UnsupportedFieldError} the kind does not know a field
 * @throws {SyntaxError}
 */
export function parseFieldSelector(
  text: string,
  type: ResourceType,
): FieldMatcher {
  const tests = text
    .split(',')
    .map(part => part.trim())
    .filter(part => part !== '')
    .map(part => parseRequirement(part, type));
  return object => tests.every(test => test(object));
}

function parseRequirement(text: string, type: ResourceType): FieldMatcher {
  const parts = /^([^=!]+)(==|=|!=)(.*)$/.exec(text);
  if (!parts) {
    throw new SyntaxError(`invalid selector: '${text}'; can't understand it`);
  }
  const [, field, operator, wanted] = parts;
  const read = fieldReader(field, type);
  return operator === '!='
    ? object => read(object) !== wanted
    : object => read(object) === wanted;
}

function fieldReader(
  field: string,
  type: ResourceType,
): (object: StoredObject) => string {
  if (field === 'metadata.name') {
    return object => object.name;
  }
  if (field === 'metadata.namespace') {
    return object => object.namespace;
  }
  const kind = groupResource(type);
  if (!FIELDS[kind]?.includes(field)) {
    throw new UnsupportedFieldError(field);
  }
  const path = (ALIASES[`${field}@${kind}`] ?? field).split('.');
  return stored => {
    let value: unknown = stored.object;
    for (const step of path) {
      value = (value as Record<string, unknown> | undefined)?.[step];
    }
    return String(value ?? ABSENT[field] ?? '');
  };
}

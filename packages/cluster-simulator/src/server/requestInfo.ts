export type Verb =
  | 'get'
  | 'list'
  | 'watch'
  | 'create'
  | 'update'
  | 'patch'
  | 'delete'
  | 'deletecollection';

/** What a request asks for, as authorization, faults and the request log see it. */
export interface RequestInfo {
  verb: Verb;
  path: string;
  query: URLSearchParams;
  /** Absent for paths that name no resource: discovery, version, health. */
  target?: ResourceTarget;
}

export interface ResourceTarget {
  group: string;
  version: string;
  resource: string;
  /** Empty for cluster-scoped objects and for lists over all namespaces. */
  namespace: string;
  /** Empty for collections. */
  name: string;
  /** Empty, `status`, `eviction`… */
  subresource: string;
}

const VERBS: Record<string, [named: Verb, collection: Verb]> = {
  GET: ['get', 'list'],
  HEAD: ['get', 'list'],
  POST: ['create', 'create'],
  PUT: ['update', 'update'],
  PATCH: ['patch', 'patch'],
  DELETE: ['delete', 'deletecollection'],
};

export function parseRequest(method: string, url: string): RequestInfo {
  const question = url.indexOf('?');
  const path = question < 0 ? url : url.slice(0, question);
  const query = new URLSearchParams(
    question < 0 ? '' : url.slice(question + 1),
  );
  const target = parseTarget(path);
  const [named, collection] = VERBS[method] ?? ['get', 'list'];
  let verb = target?.name === '' ? collection : named;
  const watch = query.get('watch');
  if (method === 'GET' && target && watch !== null) {
    if (watch === '' || watch === '1' || watch === 'true') {
      verb = 'watch';
    }
  }
  return {
    verb,
    path,
    query,
    target: target && withSelectedName(target, query),
  };
}

/** A list or watch of one object by `metadata.name` counts as one of that name, for rules that name objects. */
function withSelectedName(
  target: ResourceTarget,
  query: URLSearchParams,
): ResourceTarget {
  const selected = /(?:^|,)metadata\.name==?([^,]+)/.exec(
    query.get('fieldSelector') ?? '',
  )?.[1];
  return target.name === '' && selected
    ? { ...target, name: selected }
    : target;
}

function parseTarget(path: string): ResourceTarget | undefined {
  const parts = path
    .split('/')
    .filter(part => part !== '')
    .map(safeDecode);
  let group: string;
  let rest: string[];
  if (parts[0] === 'api' && parts.length > 2) {
    group = '';
    rest = parts.slice(1);
  } else if (parts[0] === 'apis' && parts.length > 3) {
    group = parts[1];
    rest = parts.slice(2);
  } else {
    return undefined;
  }
  const [version, ...names] = rest;
  // `namespaces/a` and `namespaces/a/status` are the Namespace itself, not objects in it.
  const inNamespace =
    names[0] === 'namespaces' &&
    names.length > 2 &&
    !(names.length === 3 && ['status', 'finalize'].includes(names[2]));
  const [namespace, [resource, name = '', ...subresource]] = inNamespace
    ? [names[1], names.slice(2)]
    : ['', names];
  return {
    group,
    version,
    resource,
    namespace,
    name,
    subresource: subresource.join('/'),
  };
}

function safeDecode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
